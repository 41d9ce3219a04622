"""The unmodified `openstack` command, run in a process of its own each time, without paying for its start each time.

Loading the client costs a second of CPU, a command's own work a fifth of that. So this process loads the client
once and forks for each command; the child is then what /usr/bin/openstack is after its imports: it calls the
client's main() with the words of the command, writes to its own standard output and ends with its exit code.
"""
import importlib
import json
import os
import pkgutil
import select
import sys
import tempfile
import traceback

from openstackclient import shell

LIMIT = 300
ran = set()  # the first words of every command that was run, as many as the longest command's name has

COMMANDS = ('openstackclient.common', 'openstackclient.compute.v2', 'openstackclient.identity.v3',
            'openstackclient.image.v2', 'openstackclient.network.v2', 'osc_placement.resources')
OTHERS = ('cinderclient.v3', 'cliff.formatters.json_format', 'cliff.formatters.table', 'dateutil.tz', 'glanceclient',
          'keystoneauth1.extras', 'keystoneauth1.loading', 'keystoneclient.v3.client', 'lxml.etree',
          'novaclient.v2.client', 'openstack.connection', 'openstackclient.api.compute_v2',
          'openstackclient.object.client', 'openstackclient.volume.client', 'osc_placement.plugin', 'swiftclient')


class Failed(Exception):
    """What was asked did not turn out as it should."""


def load():
    """Loads what the commands would load; a module that this version of the client lacks is none that it needs."""
    for package in COMMANDS:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, package + '.'):
            importlib.import_module(module.name)
    for name in OTHERS:
        try:
            importlib.import_module(name)
        except ImportError:
            continue


class Command:
    """One command under way."""

    def __init__(self, words, environment):
        self.words = words
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            self._become(environment)
        self.handle = os.pidfd_open(self.pid)

    def _become(self, environment):
        code = 70
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(self.out.fileno(), 1)
            os.dup2(self.err.fileno(), 2)
            os.environ.update(environment)
            sys.argv = ['openstack', *self.words]
            code = shell.main(sys.argv[1:])
        except SystemExit as e:
            code = e.code
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 0 if code is None else 1)

    def end(self):
        """Waits for its end: exit code, standard output, standard error."""
        poll = select.poll()
        poll.register(self.handle, select.POLLIN)
        in_time = poll.poll(LIMIT * 1000)
        if not in_time:
            os.kill(self.pid, 9)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.handle)
        texts = []
        for file in (self.out, self.err):
            file.seek(0)
            texts.append(file.read().decode())
            file.close()
        if not in_time:
            raise Failed('openstack %s: no end within %d s' % (' '.join(self.words), LIMIT))
        return code, texts[0], texts[1]


def openstack(*words, ok=True, environment=None):
    """Runs a command; its output as text. With ok=False it must fail, and what it says is the answer."""
    ran.add(' '.join(words[:4]))
    code, out, err = Command(words, environment or {}).end()
    if ok and code != 0:
        raise Failed('openstack %s: %s' % (' '.join(words), (err or out).strip()[-600:]))
    if not ok and code == 0:
        raise Failed('openstack %s: should have been refused, said %s' % (' '.join(words), out[-300:]))
    return out if ok else out + err


def show(*words, environment=None):
    """What a command shows or lists, as data."""
    return json.loads(openstack(*words, '-f', 'json', environment=environment))


def names(*words, column='Name'):
    """One column of a list."""
    return [row[column] for row in show(*words)]
