#!/usr/bin/python3
"""The second of the README's two commands, on real guests: `nacre demo`, what it prints, and `nacre demo --clean`.

usage: demo.py          (NACRE_PORT_OFFSET: the first of the ports)
Prints a line for each part and ends with `N passed, N failed`; exits 1 when one failed.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(HOME, 'checks', 'crash'))
import whole  # noqa: E402

NACRE = os.path.join(HOME, 'nacre')
OFFSET = os.environ.get('NACRE_PORT_OFFSET', '22000')
STATE = tempfile.mkdtemp(prefix='nacre-demo.')
AGENT = STATE + '/agent'
results = []


def ok(condition, what):
    results.append(bool(condition))
    print(('ok      ' if condition else 'NOT OK  ') + what, flush=True)


def nacre(*words):
    done = subprocess.run([NACRE, *words, '--state', STATE], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=420)
    return done.returncode, done.stdout


def links():
    """The network devices of the agent but the bridge to the outside, which stays; none without its namespace."""
    listed = subprocess.run(['ip', '-n', whole.namespace(AGENT), '-o', 'link'], capture_output=True, text=True)
    return [name for name in re.findall(r'^\d+: ((?:tap|br|vx)\S*?)[@:]', listed.stdout, re.M) if name != 'br-public']


def namespaces():
    return [line.split()[0] for line in whole.run('ip', 'netns', 'list').splitlines()
            if line.startswith(whole.namespace(AGENT) + '-')]


def left():
    found = ['guest %s' % one for one in whole.qemus(AGENT + '/guests/')]
    found += ['folder %s' % one for one in whole.files(AGENT + '/guests')]
    found += ['port file %s' % one for one in whole.files(AGENT + '/network/ports')]
    found += ['device %s' % one for one in links()]
    found += ['namespace %s' % one for one in namespaces()]
    return found + ['dnsmasq'] * len(whole.running('dnsmasq', whole.namespace(AGENT)))


def openstack(*words):
    environment = dict(os.environ, OS_CLIENT_CONFIG_FILE=STATE + '/clouds.yaml', OS_CLOUD='nacre')
    done = subprocess.run(['openstack', *words, '-f', 'json'], env=environment, capture_output=True, text=True,
                          timeout=60)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


def shows():
    code, text = nacre('demo', '--port-offset', OFFSET)
    print(text)
    ok(code == 0, 'the demo boots a server and logs in to it')
    phases = re.findall(r'^ +(\d+\.\d) s  (.+)$', text, re.M)
    ok([what for _, what in phases] == ['cloud started', 'guest image ready', 'image uploaded',
                                        'network, key pair and security group made', 'server ACTIVE', 'SSH answers'],
       'the time of each phase: %s' % phases)
    ok(re.search(r'^  \| .*hostname nacre-demo; .* ssh key', text, re.M), "the end of the server's console log")
    login = re.search(r'^  (ip netns exec .* ssh .*)$', text, re.M)
    ok(login, 'the command to log in')
    if login:
        done = subprocess.run(shlex.split(login.group(1)) + ['hostname; id -un'], capture_output=True, text=True,
                              timeout=60)
        ok(done.stdout.split() == ['nacre-demo', 'cirros'], 'it logs in: %s %s' % (done.stdout.split(), done.stderr))
    clean = re.search(r'^  (\S+ demo --clean.*)$', text, re.M)
    ok(clean, 'the command that removes it')
    return clean.group(1) if clean else None


def removes(command):
    done = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=120)
    guests = whole.qemus(AGENT + '/guests/')
    ok(done.returncode == 0 and 'The demo is gone.' in done.stdout, 'it is removed: ' + done.stdout + done.stderr)
    ok(not guests, 'no hypervisor process is left: %s' % guests)
    for what in ('server', 'image', 'network', 'keypair', 'flavor'):
        listed = openstack(what, 'list')
        ok(listed == [], 'no %s is left: %s' % (what, listed))
    groups = [group['Name'] for group in openstack('security', 'group', 'list')]
    ok(set(groups) <= {'default'}, 'no security group but the default: %s' % groups)
    end = time.time() + 15
    while left() and time.time() < end:
        time.sleep(0.2)
    ok(not left(), 'nothing is left on the host: %s' % left())


def removes_nothing_from_nothing():
    code, text = nacre('demo', '--clean')
    ok(code == 1 and 'is not running' in text and not os.listdir(STATE), 'where nothing runs nothing is removed: ' + text)


try:
    removes_nothing_from_nothing()
    command = shows()
    code, text = nacre('demo', '--port-offset', OFFSET)
    ok(code == 0 and 'SSH answers' in text, 'a second demo is as good: ' + text[:200])
    if command:
        removes(command)
finally:
    nacre('down')
    nacre('purge')
    shutil.rmtree(STATE, ignore_errors=True)
print('%d passed, %d failed' % (results.count(True), results.count(False)))
sys.exit(0 if all(results) else 1)
