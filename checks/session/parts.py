"""A script's parts: functions whose checks are counted, done in waves, some at a time.

Each wave needs what the ones before it made; the parts of a wave need nothing of each other.
"""
import json
import os
import time
import traceback

import client
from client import Failed

WIDTH = 2
checks = 0


def check(condition, what):
    global checks
    if not condition:
        raise Failed(what)
    checks += 1


def wait(what, question, limit=60):
    end = time.time() + limit
    while time.time() < end:
        answer = question()
        if answer:
            check(True, what)
            return answer
        time.sleep(0.5)
    raise Failed('waited %d s for %s' % (limit, what))


def child(part, answer):
    """The life of the process that does one part: it tells how many checks passed, what failed, what it ran."""
    began = time.time()
    trouble = None
    try:
        part()
    except Failed as e:
        trouble = str(e)
    except Exception:
        trouble = traceback.format_exc()
    with os.fdopen(answer, 'w') as pipe:
        json.dump([checks, trouble, time.time() - began, sorted(client.ran)], pipe)
    os._exit(0)


def begin(part):
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        child(part, writer)
    os.close(writer)
    return pid, (part.__name__, reader)


def end(name, reader):
    with os.fdopen(reader, 'rb') as answer:
        text = answer.read()
    good, trouble, seconds, ran = json.loads(text) if text else (0, 'the process has died', 0, [])
    client.ran.update(ran)
    if trouble is None:
        print('ok      %s: %d checks (%.0f s)' % (name, good, seconds), flush=True)
    else:
        print('NOT OK  %s: after %d checks: %s' % (name, good, trouble), flush=True)
    return good, trouble is not None


def do(parts):
    """Does the parts, so many at a time as there are processors; how many checks passed, how many parts failed."""
    good, bad, running, waiting = 0, 0, {}, list(parts)
    while waiting or running:
        while waiting and len(running) < WIDTH:
            pid, part = begin(waiting.pop(0))
            running[pid] = part
        pid = os.wait()[0]
        passed, failed = end(*running.pop(pid))
        good, bad = good + passed, bad + failed
    return good, bad


def run(waves, only=None):
    """Does the waves, or the one part of them that `only` names, and prints the sum; the script's exit code."""
    client.load()
    passed = failed = 0
    for wave in waves:
        good, bad = do([part for part in wave if only in (None, part.__name__)])
        passed, failed = passed + good, failed + bad
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed else 0
