#!/usr/bin/python3
"""Kills Nacre again and again while servers are made and deleted, and looks for what is left behind.

usage: crash.py NACRE STATE OFFSET IMAGE [--kills 20] [--servers 20] [--guests] [--seed N]
Each round starts concurrent creates and deletes, kills the process with SIGKILL at a random moment, starts it again
and demands that within 30 s no server is in a transitional state and nothing is leaked: port, address, allocation,
quota; with --guests also disk, tap and QEMU process. Prints a line a round and ends with `N passed, N failed`.
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

parser = argparse.ArgumentParser()
parser.add_argument('nacre')
parser.add_argument('state')
parser.add_argument('offset', type=int)
parser.add_argument('image')
parser.add_argument('--kills', type=int, default=20)
parser.add_argument('--servers', type=int, default=20)
parser.add_argument('--guests', action='store_true')
parser.add_argument('--seed', type=int, default=random.randrange(1 << 30))
options = parser.parse_args()
dice = random.Random(options.seed)
print('seed %d' % options.seed)

URL = {name: 'http://127.0.0.1:%d' % (port + options.offset)
       for name, port in dict(identity=5000, image=9292, compute=8774, network=9696, placement=8778).items()}
AWAY = (exceptions.ConnectFailure, exceptions.HttpError, exceptions.DiscoveryFailure, exceptions.RetriableConnectionFailure)


def up():
    drivers = [] if options.guests else ['-o', 'compute.driver=fake', '-o', 'network.driver=fake']
    subprocess.run([options.nacre, 'up', '--detach', '--state', options.state, '--port-offset', str(options.offset)]
                   + drivers, check=True, stdout=subprocess.DEVNULL)


def login():
    rc = dict(line[len('export '):].strip().split('=', 1) for line in open(options.state + '/openrc'))
    auth = v3.Password(auth_url=rc['OS_AUTH_URL'], username=rc['OS_USERNAME'], password=rc['OS_PASSWORD'],
                       project_name=rc['OS_PROJECT_NAME'], user_domain_name='Default', project_domain_name='Default')
    return session.Session(auth=auth, connect_retries=0)


def get(path, service='compute', key=None):
    answer = cloud.get(URL[service] + path, headers={'OpenStack-API-Version': 'placement 1.38'}).json()
    return answer[key] if key else answer


def servers():
    return get('/v2.1/servers/detail?all_tenants=1', key='servers')


def quietly(work, *words):
    try:
        work(*words)
    except AWAY:
        pass


def create(number):
    cloud.post(URL['compute'] + '/v2.1/servers', json={'server': {
        'name': 'crash-%d' % number, 'imageRef': image, 'flavorRef': flavor, 'networks': [{'uuid': network}]}})


def delete(server):
    cloud.delete(URL['compute'] + '/v2.1/servers/' + server)


def storm(number):
    """Some servers come and some go, all at once."""
    present = [server['id'] for server in servers() if server['OS-EXT-STS:task_state'] != 'deleting']
    work = [threading.Thread(target=quietly, args=(delete, one)) for one in present]
    work += [threading.Thread(target=quietly, args=(create, number * 100 + i))
             for i in range(options.servers - len(work) // 2)]
    dice.shuffle(work)
    for thread in work:
        thread.start()
    return work


def kill():
    pid = int(open(options.state + '/pid').read())
    os.kill(pid, signal.SIGKILL)
    while os.path.exists('/proc/%d' % pid) and open('/proc/%d/stat' % pid).read().split(') ')[1][0] != 'Z':
        time.sleep(0.01)


def faults():
    """What is not as it should be, in words; empty when all is well."""
    wrong = []
    all_servers = servers()
    for server in all_servers:
        if server['OS-EXT-STS:task_state'] or server['status'] not in ('ACTIVE', 'ERROR'):
            wrong.append('server %s is %s/%s' % (server['id'], server['status'], server['OS-EXT-STS:task_state']))
    alive = {server['id'] for server in all_servers}
    placed = {server['id'] for server in all_servers if server['status'] == 'ACTIVE'}
    ports = [port for port in get('/v2.0/ports', 'network', 'ports') if port['device_owner'].startswith('compute:')]
    wrong += ['port %s of server %s' % (port['id'], port['device_id']) for port in ports if port['device_id'] not in placed]
    if len(ports) != len(placed):
        wrong.append('%d ports for %d servers' % (len(ports), len(placed)))
    held = set()
    for provider in get('/resource_providers', 'placement', 'resource_providers'):
        held |= set(get('/resource_providers/%s/allocations' % provider['uuid'], 'placement', 'allocations'))
    wrong += ['allocation of %s' % one for one in held - placed]
    wrong += ['no allocation for %s' % one for one in placed - held]
    used = get('/v2.1/limits', key='limits')['absolute']['totalInstancesUsed']
    if used != len(alive):
        wrong.append('quota says %d servers, there are %d' % (used, len(alive)))
    if options.guests:
        wrong += on_the_host(placed, {port['id'] for port in ports})
    return wrong


def on_the_host(placed, ports):
    wrong = []
    folder = options.state + '/agent/guests'
    disks = set(os.listdir(folder)) if os.path.isdir(folder) else set()
    wrong += ['disk of %s' % one for one in disks - placed]
    processes = subprocess.run(['pgrep', '-af', 'qemu-system.*' + options.state], capture_output=True, text=True).stdout
    wrong += ['process %s' % line[:60] for line in processes.splitlines() if not any(one in line for one in placed)]
    links = subprocess.run("for n in $(ip netns list | awk '/^nacre-/{print $1}'); do ip -n $n -o link; done",
                           shell=True, capture_output=True, text=True).stdout
    taps = {word for word in links.split() if word.startswith('tap')}
    known = {'tap' + one[:11] for one in ports}
    wrong += ['tap %s' % one for one in {tap.rstrip(':').split('@')[0] for tap in taps} - known
              if not any('tap' + p['id'][:11] == one for p in get('/v2.0/ports', 'network', 'ports'))]
    return wrong


def settle(limit=30):
    end = time.time() + limit
    wrong = ['not asked']
    while time.time() < end:
        try:
            wrong = faults()
            if not wrong:
                return []
        except AWAY as e:
            wrong = [str(e)]
        time.sleep(0.5)
    return wrong


up()
cloud = login()
image = cloud.post(URL['image'] + '/v2/images', json={
    'name': 'crash', 'disk_format': 'qcow2', 'container_format': 'bare'}).json()['id']
with open(options.image, 'rb') as data:
    cloud.put(URL['image'] + '/v2/images/%s/file' % image, data=data,
              headers={'Content-Type': 'application/octet-stream'})
flavor = cloud.post(URL['compute'] + '/v2.1/flavors', json={'flavor': {
    'name': 'crash', 'ram': 96, 'vcpus': 1, 'disk': 1}}).json()['flavor']['id']
network = cloud.post(URL['network'] + '/v2.0/networks', json={'network': {'name': 'crash'}}).json()['network']['id']
cloud.post(URL['network'] + '/v2.0/subnets', json={'subnet': {
    'network_id': network, 'ip_version': 4, 'cidr': '10.9.0.0/22'}})
cloud.put(URL['compute'] + '/v2.1/os-quota-sets/' + cloud.get_project_id(), json={'quota_set': {
    'instances': -1, 'cores': -1, 'ram': -1, 'force': True}})

passed = failed = 0
for number in range(options.kills):
    threads = storm(number)
    time.sleep(dice.uniform(0.0, 1.5))
    kill()
    for thread in threads:
        thread.join()
    began = time.time()
    up()
    cloud = login()
    wrong = settle()
    if wrong:
        failed += 1
        print('NOT OK  kill %d: %s' % (number + 1, '; '.join(wrong[:8])), flush=True)
    else:
        passed += 1
        print('ok      kill %d: all well %.1f s after it' % (number + 1, time.time() - began), flush=True)
print('%d passed, %d failed' % (passed, failed))
sys.exit(1 if failed else 0)
