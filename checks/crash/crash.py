#!/usr/bin/python3
"""Kills Nacre again and again while servers are made and deleted, and looks for what is stuck, lost or leaked.

usage: crash.py NACRE STATE OFFSET IMAGE [--kills 20] [--servers 20] [--real 0] [--seed N]
Each round starts concurrent creates and deletes, kills the program with SIGKILL at a random moment (now and then once
more while it recovers), starts it again and demands that within 30 s everything agrees; see whole.py for what that is.
--real N goes on with N rounds with QEMU guests on the real data plane. Before the first kill it plants a leak of every
kind and demands that it is noticed. Prints a line a round and ends with `N passed, N failed`.
"""
import argparse
import os
import random
import signal
import subprocess
import sys
import threading
import time

from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3

import leaks
import whole

LIMIT = 30
PORTS = dict(identity=5000, image=9292, compute=8774, network=9696, placement=8778)
# What a client sees of a server that dies; everything else that goes wrong is a fault of Nacre's.
GONE = (exceptions.ConnectFailure, exceptions.ConnectTimeout, exceptions.UnknownConnectionError)


class Cloud:
    """A Nacre of the test's own, with what its servers need."""

    def __init__(self, nacre, state, offset, real):
        self.nacre, self.state, self.offset, self.real = nacre, os.path.abspath(state), offset, real
        self.url = {name: 'http://127.0.0.1:%d' % (port + offset) for name, port in PORTS.items()}
        self.session = self.project = self.image = self.flavor = self.network = None
        self.accepted, self.gone = set(), set()
        self.complaints = []

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

    def prepare(self, image):
        rc = dict(line[len('export '):].strip().split('=', 1) for line in open(self.state + '/openrc'))
        self.session = session.Session(auth=v3.Password(
            auth_url=rc['OS_AUTH_URL'], username=rc['OS_USERNAME'], password=rc['OS_PASSWORD'],
            project_name=rc['OS_PROJECT_NAME'], user_domain_name='Default', project_domain_name='Default'))
        self.project = self.session.get_project_id()
        self.image = self.post('image', '/v2/images', {
            'name': 'crash', 'disk_format': 'qcow2', 'container_format': 'bare'})['id']
        with open(image, 'rb') as data:
            self.session.put(self.url['image'] + '/v2/images/%s/file' % self.image, data=data,
                             headers={'Content-Type': 'application/octet-stream'})
        self.flavor = self.post('compute', '/v2.1/flavors', {'flavor': dict(
            name='crash', ram=whole.RAM, vcpus=whole.VCPUS, disk=whole.DISK)})['flavor']['id']
        self.network = self.post('network', '/v2.0/networks', {'network': {'name': 'crash'}})['network']['id']
        self.post('network', '/v2.0/subnets', {'subnet': {
            'network_id': self.network, 'ip_version': 4, 'cidr': '10.9.0.0/22'}})
        self.session.put(self.url['compute'] + '/v2.1/os-quota-sets/' + self.project, json={'quota_set': {
            'instances': -1, 'cores': -1, 'ram': -1, 'force': True}})
        self.session.put(self.url['network'] + '/v2.0/quotas/' + self.project, json={'quota': {'port': -1}})

    def get(self, service, path, key=None):
        answer = self.session.get(self.url[service] + path, headers={'OpenStack-API-Version': 'placement 1.38'}).json()
        return answer[key] if key else answer

    def post(self, service, path, body):
        return self.session.post(self.url[service] + path, json=body).json()

    def servers(self):
        return self.get('compute', '/v2.1/servers/detail?all_tenants=1', 'servers')

    def create(self, name, delete_after):
        made = self.post('compute', '/v2.1/servers', {'server': {
            'name': name, 'imageRef': self.image, 'flavorRef': self.flavor,
            'networks': [{'uuid': self.network}]}})['server']['id']
        self.accepted.add(made)
        if delete_after is not None:
            time.sleep(delete_after)
            self.delete(made)

    def delete(self, server):
        # It may be carried out although the answer never comes.
        self.accepted.discard(server)
        self.session.delete(self.url['compute'] + '/v2.1/servers/' + server)
        self.gone.add(server)

    def attempt(self, work, *words):
        try:
            work(*words)
        except GONE:
            pass
        except exceptions.HttpError as e:
            self.complaints.append('%s %s: %s' % (work.__name__, words, e))

    def storm(self, name, dice, creates):
        """All servers that are there go, others come, some of these only to go at once."""
        work = [(self.delete, server['id']) for server in self.servers()]
        work += [(self.create, '%s-%d' % (name, i), dice.uniform(0, 0.5) if dice.random() < 0.3 else None)
                 for i in range(creates)]
        dice.shuffle(work)
        threads = [threading.Thread(target=self.attempt, args=words) for words in work]
        for thread in threads:
            thread.start()
        return threads

    def settle(self):
        """What is still wrong when the time is up; nothing when all was well before."""
        end = time.time() + LIMIT
        while True:
            try:
                wrong = whole.faults(self)
            except exceptions.ClientException as e:
                wrong = ['asking failed: %s' % e]
            if not wrong or time.time() > end:
                return wrong + self.complaints
            time.sleep(0.2)


def report(ok, text):
    print('%-7s %s' % ('ok' if ok else 'NOT OK', text), flush=True)
    return ok


def rounds(cloud, options, dice, kills, servers):
    """Answers how many rounds went well and how many did not."""
    kind = 'guests' if cloud.real else 'fake'
    cloud.up()
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
            cloud = Cloud(options.nacre, options.state + ('/real' if real else '/fake'), options.offset, real)
            good += rounds(cloud, options, dice, kills, servers)
            subprocess.run([options.nacre, 'down', '--state', cloud.state], check=True, stdout=subprocess.DEVNULL)
    print('%d passed, %d failed' % (good.count(True), good.count(False)))
    sys.exit(0 if all(good) else 1)


main()
