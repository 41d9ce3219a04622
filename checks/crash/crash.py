#!/usr/bin/python3
"""Kills Nacre again and again while servers are made and deleted, and looks for what is stuck, lost or leaked.

usage: crash.py NACRE STATE OFFSET IMAGE [--kills 20] [--servers 20] [--real 0] [--seed N]
Each round starts concurrent creates and deletes, kills the program with SIGKILL at a random moment (now and then once
more while it recovers), starts it again and demands that within 30 s everything agrees; see whole.py for what that is.
--real N goes on with N rounds with QEMU guests on the real data plane. Before the first kill it plants a leak of every
kind and demands that it is noticed. Prints a line a round and ends with `N passed, N failed`.
"""
import argparse
import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import leaks
import whole
from cloud import Cloud

PORTS = dict(identity=5000, image=9292, compute=8774, network=9696, placement=8778)


class Local(Cloud):
    """All of it in one process."""

    def __init__(self, nacre, state, offset, real):
        super().__init__({name: 'http://127.0.0.1:%d' % (port + offset) for name, port in PORTS.items()}, real)
        self.nacre, self.state, self.offset = nacre, os.path.abspath(state), offset

    def up(self):
        drivers = [] if self.real else ['-o', 'compute.driver=fake', '-o', 'network.driver=fake']
        began = time.time()
        subprocess.run([self.nacre, 'up', '--detach', '--state', self.state, '--port-offset', str(self.offset)]
                       + drivers, check=True, stdout=subprocess.DEVNULL)
        return time.time() - began

    def kill(self):
        pid = int(open(self.state + '/pid').read())
        os.kill(pid, signal.SIGKILL)
        while os.path.exists('/proc/%d' % pid) and open('/proc/%d/stat' % pid).read().split(') ')[1][0] != 'Z':
            time.sleep(0.01)

    def select(self, columns, rest):
        with contextlib.closing(sqlite3.connect('file:%s/nacre.db?mode=ro' % self.state, uri=True)) as database:
            return database.execute('select %s from %s' % (columns, rest)).fetchall()

    def hosts(self):
        return [whole.Host(self.state + '/agent', socket.gethostname(), [])]


def report(ok, text):
    print('%-7s %s' % ('ok' if ok else 'NOT OK', text), flush=True)
    return ok


def rounds(cloud, options, dice, kills, servers):
    """Answers how many rounds went well and how many did not."""
    kind = 'guests' if cloud.real else 'fake'
    cloud.up()
    cloud.login(cloud.state + '/openrc')
    cloud.prepare(options.image)
    began = time.time()
    for thread in cloud.storm('warm-up', dice, servers):
        thread.join()
    wrong = cloud.settle()
    length = time.time() - began
    good = [report(not wrong, '%s: %d creates without a kill, %.1f s; %s' % (
        kind, servers, length, '; '.join(wrong[:8]) or 'all well'))]
    for name, noticed in leaks.plant(cloud):
        good.append(report(noticed, '%s: a planted %s is %s' % (kind, name, 'noticed' if noticed else 'not noticed')))
    wrong = cloud.settle()
    good.append(report(not wrong, '%s: all well without the planted leaks %s' % (kind, '; '.join(wrong[:8]))))
    for number in range(1, kills + 1):
        cloud.complaints.clear()
        threads = cloud.storm('crash-%d' % number, dice, servers)
        moment = dice.uniform(0, length)
        time.sleep(moment)
        cloud.kill()
        for thread in threads:
            thread.join()
        took = cloud.up()
        twice = dice.random() < 0.2
        if twice:
            cloud.kill()
            took = cloud.up()
        began = time.time()
        wrong = cloud.settle()
        good.append(report(not wrong, '%s: kill %d at %.2f s%s, up in %.1f s, %s' % (
            kind, number, moment, ' and again' if twice else '', took,
            '; '.join(wrong[:8]) if wrong else 'all well %.1f s later' % (time.time() - began))))
    for server in cloud.servers():
        cloud.delete(server['id'])
    wrong = cloud.settle()
    good.append(report(not wrong and not cloud.servers(), '%s: nothing is left in the end %s' % (
        kind, '; '.join(wrong[:8]))))
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('nacre')
    parser.add_argument('state')
    parser.add_argument('offset', type=int)
    parser.add_argument('image')
    parser.add_argument('--kills', type=int, default=20, help='with fake guests')
    parser.add_argument('--servers', type=int, default=20, help='creates, and as many deletes, in each of these')
    parser.add_argument('--real', type=int, default=0, help='kills with QEMU guests')
    parser.add_argument('--guests', type=int, default=4, help='creates in each of these')
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    dice = random.Random(options.seed)
    print('seed %d' % options.seed, flush=True)
    good = []
    for real, kills, servers in ((False, options.kills, options.servers), (True, options.real, options.guests)):
        if kills:
            cloud = Local(options.nacre, options.state + ('/real' if real else '/fake'), options.offset, real)
            good += rounds(cloud, options, dice, kills, servers)
            subprocess.run([options.nacre, 'down', '--state', cloud.state], check=True, stdout=subprocess.DEVNULL)
    print('%d passed, %d failed' % (good.count(True), good.count(False)))
    sys.exit(0 if all(good) else 1)


main()
