#!/usr/bin/python3
"""Two controllers and two agents over a database, a broker and a cache: what they do together, and without each other.

usage: apart.py STATE IMAGE [--fake] [--only PART,...] [--kills N] [--seed N]
Run by `run`, which makes the namespaces for it.
Prints a line for each part and ends with `N passed, N failed`; exits 1 when one failed.
"""
import argparse
import copy
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import traceback

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NACRE = HOME + '/nacre'
sys.path[:0] = [HOME + '/checks/session', HOME + '/checks/crash']
import client
import cloud
import fabric
import whole
from client import Failed, names, openstack, show
from fabric import wait

parser = argparse.ArgumentParser()
parser.add_argument('state')
parser.add_argument('image')
parser.add_argument('--fake', action='store_true', help='fake guests and networks')
parser.add_argument('--only', help='these parts, by name')
parser.add_argument('--kills', type=int, default=3, help='of controllers')
parser.add_argument('--servers', type=int, default=6, help='creates, and as many deletes, at each kill')
parser.add_argument('--seed', type=int, default=random.randrange(1 << 30))
options = parser.parse_args()
STATE = options.state
SETTINGS = '''
[cloud]
shared = "{state}/shared"
public_host = "{entrance}"

[database]
url = "jdbc:mariadb://{server}:{database}/nacre"
user = "nacre"
password = "{password}"

[rabbit]
hosts = ["{server}:{broker}"]
user = "nacre"
password = "{password}"

[notifications]
driver = "messagingv2"

[cache]
memcache_servers = ["{server}:{cache}"]

[compute]
virt_type = "qemu"

# What is silent counts as gone sooner than usual, so that the test need not wait for it.
[tasks]
lease = "6s"
heartbeat = "2s"

[agent]
heartbeat = "2s"

[nova]
service_down_time = "20s"
report_interval = "2s"

[neutron]
agent_down_time = "10s"
'''
GUESTS = ('10.20.0.11', '10.20.0.12')
USER_DATA = '''#!/bin/sh
echo "address $(curl http://169.254.169.254/latest/meta-data/local-ipv4)"
for i in $(seq 100); do
  if ping -c 1 OTHER > /dev/null; then echo reached OTHER; break; fi
  sleep 1
done
ping OTHER > /dev/console &
'''


def check(condition, what):
    if not condition:
        raise Failed(what)


class Apart(cloud.Cloud):
    """All machines of the test."""

    def __init__(self):
        super().__init__({name: 'http://%s:%d' % (fabric.ENTRANCE, port) for name, port in fabric.PORTS.items()},
                         not options.fake)
        drivers = ['-o', 'compute.driver=fake', '-o', 'network.driver=fake'] if options.fake else []
        addresses = [fabric.NET + str(number) for number in (11, 12)]
        fabric.network([fabric.SERVER, fabric.ENTRANCE, *addresses])
        with open(STATE + '/nacre.toml', 'w') as file:
            file.write(SETTINGS.format(state=STATE, entrance=fabric.ENTRANCE, server=fabric.SERVER,
                                       database=fabric.DATABASE, broker=fabric.BROKER, cache=fabric.CACHE,
                                       password=fabric.PASSWORD))
        self.controllers = [fabric.Controller(NACRE, STATE, 'controller-%d' % (i + 1), address)
                            for i, address in enumerate(addresses)]
        self.machines = [fabric.Host(NACRE, STATE, 'host-%d' % number, fabric.NET + str(20 + number), drivers)
                         for number in (1, 2)]
        self.broker, self.cache = fabric.broker(STATE), fabric.cache(STATE)
        self.database = fabric.database(STATE)
        self.balancer = fabric.balancer(STATE, self.controllers)
        for daemon in (self.database, self.broker, self.cache):
            daemon.ready()

    def start(self):
        # The first start may have to build the program; the others find it built.
        self.controllers[0].start()
        together([node.start for node in self.controllers[1:] + self.machines])

    def at(self, controller):
        """The same cloud, asked at one controller."""
        other = copy.copy(self)
        other.url = controller.url
        return other

    def host(self, machine):
        return whole.Host(machine.agent, machine.name, machine.prefix)

    def hosts(self):
        return [self.host(machine) for machine in self.machines]

    def select(self, columns, rest):
        done = subprocess.run(['mariadb', '--no-defaults', '-h', fabric.SERVER, '-P', str(fabric.DATABASE), '-unacre',
                               '-p' + fabric.PASSWORD, '-N', '-B', 'nacre', '-e', 'select %s from %s' % (columns, rest)],
                              check=True, capture_output=True, text=True)
        return [tuple(line.split('\t')) for line in done.stdout.splitlines()]


def together(calls):
    troubles = []

    def attempt(call):
        try:
            call()
        except Exception as e:
            troubles.append(e)

    threads = [threading.Thread(target=attempt, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]


def login(openrc):
    for line in open(openrc):
        name, value = line[len('export '):].strip().split('=', 1)
        os.environ[name] = value


def started():
    """Both controllers answer, both agents are known."""
    for controller in apart.controllers:
        for service, port in fabric.PORTS.items():
            check(fabric.listens(controller.address, port), '%s serves %s' % (controller.name, service))
        check(len(apart.at(controller).servers()) == 0, controller.name + ' answers')
    hosts = {machine.name for machine in apart.machines}
    services = show('compute', 'service', 'list')
    check(hosts == {row['Host'] for row in services if row['Binary'] == 'nova-compute'}, 'services: %s' % services)
    for binary in ('nova-scheduler', 'nova-conductor'):
        check({row['Host'] for row in services if row['Binary'] == binary} == {one.name for one in apart.controllers},
              'services: %s' % services)
    check(all(row['State'] == 'up' for row in services), 'services: %s' % services)
    hypervisors = show('hypervisor', 'list')
    check({row['Hypervisor Hostname']: row['State'] for row in hypervisors} == dict.fromkeys(hosts, 'up'),
          'hypervisors: %s' % hypervisors)
    agents = show('network', 'agent', 'list')
    check({row['Host'] for row in agents} == hosts and all(row['Alive'] for row in agents), 'agents: %s' % agents)


def strangers():
    """A second agent, or controller, of a name that is taken is refused."""
    for node in (apart.machines[0], apart.controllers[0]):
        words = list(node.words)
        words[words.index('--state') + 1] = STATE + '/second'
        done = node.run(*words, check=False)
        check(done.returncode != 0 and 'by the name ' + node.name in done.stdout, 'a second one: ' + done.stdout)


def session():
    """The session of a new user, its requests spread over both controllers."""
    done = subprocess.run(['/usr/bin/python3', HOME + '/checks/session/session.py', options.image, '--hosts', '2']
                          + ([] if options.fake else ['--guests']), stdout=subprocess.PIPE, text=True)
    lines = done.stdout.splitlines()
    print('\n'.join(lines[:-1]), flush=True)
    check(done.returncode == 0, lines[-1])


def notifications():
    """What both identity services told during the session is heard by oslo.messaging's listener."""
    url = 'rabbit://nacre:%s@%s:%d/' % (fabric.PASSWORD, fabric.SERVER, fabric.BROKER)
    done = subprocess.run(['/usr/bin/python3', HOME + '/checks/apart/listen.py', url, 'keystone'], capture_output=True,
                          text=True, timeout=120)
    check(done.returncode == 0, 'the listener: ' + done.stderr[-600:])
    heard = [json.loads(line) for line in done.stdout.splitlines()]
    types = {message['event_type'] for message in heard}
    check({'identity.project.created', 'identity.user.created', 'identity.user.updated', 'identity.user.deleted',
           'identity.role_assignment.created', 'identity.authenticate'} <= types, 'heard: %s' % types)
    check({message['publisher_id'] for message in heard} == {'identity.controller-1', 'identity.controller-2'},
          'publishers: %s' % {message['publisher_id'] for message in heard})
    kinds = {message['payload']['typeURI'] for message in heard}
    check(kinds == {'http://schemas.dmtf.org/cloud/audit/1.0/event'}, 'payloads: %s' % kinds)


def imports():
    """The official tests that stage an image at one controller, and import or delete it at the other."""
    for kind, controller in zip(('image_near', 'image_remote'), apart.controllers):
        openstack('service', 'create', '--name', kind, kind)
        openstack('endpoint', 'create', kind, 'public', controller.url['image'])
    done = subprocess.run(
        [HOME + '/checks/conformance/tempest-run', '-r', apart.controllers[0].state + '/openrc',
         '-o', HOME + '/var/results/apart', '--no-create', '--no-ssh', '--regex', r'\.ImportImagesTest\.test_remote_',
         '--set', 'image.catalog_type=image_near', '--set', 'image.alternate_image_endpoint=image_remote'],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
    check('2 passed, 0 failed, 0 skipped' in done.stdout, done.stdout[-2000:])
    for kind in ('image_near', 'image_remote'):
        openstack('service', 'delete', kind)


def all_well(when, view=None):
    wrong = (view or apart).settle()
    apart.complaints.clear()
    check(not wrong, '%s: %s' % (when, '; '.join(wrong[:8])))


def controllers_killed():
    """What a dying controller leaves in the middle the other brings to its end; then it comes back."""
    dice = random.Random(options.seed)
    print('        seed %d' % options.seed, flush=True)
    left_behind = 0
    for number in range(options.kills):
        doomed, other = (apart.controllers if number % 2 == 0 else apart.controllers[::-1])
        before = set(apart.accepted)
        threads = apart.at(doomed).storm('kill-%d' % number, dice, options.servers)
        wait('a create to be accepted', lambda: apart.accepted - before)
        moment = dice.uniform(0, 1)
        time.sleep(moment)
        doomed.kill()
        began = time.time()
        for thread in threads:
            thread.join()
        tasks = int(apart.select('count(*)', "nacre_task where status in ('RUNNING', 'UNDOING')")[0][0])
        left_behind += tasks
        all_well('%s killed after %.2f s' % (doomed.name, moment), apart.at(other))
        print('        %s killed %.2f s after the first create, %d tasks under way, all well %.1f s later'
              % (doomed.name, moment, tasks, time.time() - began), flush=True)
        if number == 0:
            wait(doomed.name + ' to be down', lambda: set(states(doomed.name)) == {'down'}, 40)
        doomed.start()
        wait(doomed.name + ' to be up', lambda: set(states(doomed.name)) == {'up'}, 40)
        check(len(apart.at(doomed).servers()) == len(apart.at(other).servers()), doomed.name + ' is back')
    check(left_behind, 'a kill hits tasks in the middle')


def prepared():
    """What the servers of the parts that follow are made of: real ones find nothing to boot, and cost little."""
    blank = STATE + '/blank.qcow2'
    subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', blank, '1M'], check=True)
    apart.prepare(blank)


def guests():
    """Two guests on two hosts: addresses, metadata, and each reaches the other."""
    openstack('image', 'create', 'guest', '--file', options.image, '--disk-format', 'qcow2')
    openstack('flavor', 'create', 'guest', '--ram', '128', '--disk', '1', '--vcpus', '1')
    openstack('network', 'create', 'guests')
    openstack('subnet', 'create', 'guests', '--network', 'guests', '--subnet-range', '10.20.0.0/24',
              '--allocation-pool', 'start=10.20.0.100,end=10.20.0.200')
    openstack('security', 'group', 'create', 'pinged')
    openstack('security', 'group', 'rule', 'create', '--protocol', 'icmp', 'pinged')
    ids = {}
    for machine, own, other in zip(apart.machines, GUESTS, GUESTS[::-1]):
        openstack('port', 'create', machine.name, '--network', 'guests', '--fixed-ip', 'ip-address=' + own,
                  '--security-group', 'pinged')
        script = '%s/%s.sh' % (STATE, machine.name)
        with open(script, 'w') as file:
            file.write(USER_DATA.replace('OTHER', other))
        ids[machine.name] = show(
            'server', 'create', machine.name, '--image', 'guest', '--flavor', 'guest', '--port', machine.name,
            '--availability-zone', 'nova:' + machine.name, '--user-data', script, '--wait')['id']
    for machine, own, other in zip(apart.machines, GUESTS, GUESTS[::-1]):
        name = machine.name

        def console():
            text = openstack('console', 'log', 'show', name)
            return 'boot finished' in text and text

        text = wait('guest on %s to boot' % name, console, 240)
        check('eth0 %s/24' % own in text, '%s has its address: %s' % (name, text[-2000:]))
        check('from metadata service' in text and '[user-data] address ' + own in text,
              'metadata on %s: %s' % (name, text[-2000:]))
        check('[user-data] reached ' + other in text, '%s reaches the other: %s' % (name, text[-2000:]))
        shown = show('server', 'show', name)
        check((shown['status'], shown['OS-EXT-SRV-ATTR:host']) == ('ACTIVE', name), 'where it is: %s' % shown)
        check(whole.qemus(machine.agent + '/guests/') == [ids[name]], 'QEMU runs on ' + name)
    # What the last part looks for is seen when it is there.
    found = ' '.join(one for host in apart.hosts() for one in left(host))
    for sign in ('qemu', 'dnsmasq', 'device tap', 'device qbr', 'device vx-', 'device dh-', 'namespace', 'file'):
        check(sign in found, '%s is not noticed: %s' % (sign, found))


def states(host):
    """What the lists say of a host, or of a controller: up or down, one after the other."""
    said = [row['State'] for row in show('compute', 'service', 'list', '--host', host)]
    said += [row['State'] for row in show('hypervisor', 'list') if row['Hypervisor Hostname'] == host]
    return said + ['up' if row['Alive'] else 'down' for row in show('network', 'agent', 'list', '--host', host)]


def answers(name):
    """The numbers of the answers that a guest has had from the other one."""
    return [int(number) for number in re.findall(r'seq=(\d+) ttl', openstack('console', 'log', 'show', name))]


def agents_killed():
    """Guests go on without their agent, which finds them when it comes back; their network's DHCP moves meanwhile."""
    server = next(machine for machine, host in zip(apart.machines, apart.hosts()) if whole.dhcp(host))
    for machine in sorted(apart.machines, key=lambda one: one is not server):
        other = next(one for one in apart.machines if one is not machine)
        before, began = answers(other.name)[-1], time.time()
        processes = whole.running('qemu-system', machine.agent)
        machine.kill()
        if machine is server:
            wait(machine.name + ' to be down', lambda: set(states(machine.name)) == {'down'}, 40)
            wait('DHCP to move to ' + other.name, lambda: whole.dhcp(apart.host(other)), 40)
        check(whole.running('qemu-system', machine.agent) == processes, 'QEMU on %s goes on' % machine.name)
        machine.start()
        wait(machine.name + ' to be up', lambda: set(states(machine.name)) == {'up'}, 40)
        wait('one DHCP service', lambda: sum(len(whole.dhcp(host)) for host in apart.hosts()) == 1, 40)
        check(show('server', 'show', machine.name)['status'] == 'ACTIVE', 'adopted by ' + machine.name)
        numbers, took = answers(other.name), time.time() - began
        print('        %s: the guest answered %d times in %.0f s' % (machine.name, numbers[-1] - before, took), flush=True)
        check(numbers == list(range(numbers[0], numbers[0] + len(numbers))), 'no answer is missing: %s' % numbers)
        check(numbers[-1] - before > took / 2, 'it answered all the time, %d times' % (numbers[-1] - before))
    for machine in apart.machines:
        openstack('server', 'stop', machine.name)
        wait('the guest on %s to stop' % machine.name,
             lambda: show('server', 'show', machine.name)['status'] == 'SHUTOFF', 90)
        check(not whole.running('qemu-system', machine.agent), 'its QEMU is gone')
    for kind in ('server', 'port'):
        openstack(kind, 'delete', *(['--wait'] if kind == 'server' else []), *[one.name for one in apart.machines])
    openstack('network', 'delete', 'guests')


def agent_killed_in_creates():
    """Creates and deletes that an agent dies of come to their end, there or on the other host."""
    dice = random.Random(options.seed)
    machine = apart.machines[dice.randrange(2)]
    before = set(apart.accepted)
    threads = apart.storm('agent', dice, options.servers)
    wait('a create to be accepted', lambda: apart.accepted - before)
    time.sleep(dice.uniform(0, 1))
    machine.kill()
    time.sleep(1)
    machine.start()
    began = time.time()
    for thread in threads:
        thread.join()
    all_well('%s killed' % machine.name)
    print('        %s killed, all well %.1f s after it is back' % (machine.name, time.time() - began), flush=True)


def broker_restarted():
    """What is under way, and what is asked for while there is no broker, comes to its end afterwards."""
    dice = random.Random(options.seed)
    threads = apart.storm('before', dice, options.servers)
    time.sleep(dice.uniform(0.2, 1))
    apart.broker.stop()
    for name in ('first', 'second'):
        threads.append(threading.Thread(target=apart.attempt, args=(apart.create, name, None)))
        threads[-1].start()
    apart.broker.start()
    apart.broker.ready()
    for thread in threads:
        thread.join()
    all_well('after the restart')
    for thread in apart.storm('after', dice, options.servers):
        thread.join()
    all_well('after creates on the new broker')


def cache_stopped():
    """A cache that hangs or is gone slows, never fails."""
    items = re.search(r'STAT curr_items (\d+)', apart.cache.ask(b'stats\r\nquit\r\n'))
    check(int(items.group(1)), 'the controllers use it')
    apart.cache.process.send_signal(signal.SIGSTOP)
    served('while the cache hangs')
    apart.cache.process.send_signal(signal.SIGCONT)
    apart.cache.stop()
    served('without the cache')
    for thread in apart.storm('uncached', random.Random(options.seed), options.servers):
        thread.join()
    all_well('without the cache')
    apart.cache.start()
    apart.cache.ready()
    all_well('with the cache back')


def served(when):
    """A new token from each controller, good at the other one."""
    for controller, other in (apart.controllers, apart.controllers[::-1]):
        began = time.time()
        token = show('token', 'issue', environment={'OS_AUTH_URL': controller.url['identity'] + '/v3'})['id']
        answer = apart.session.get(other.url['compute'] + '/v2.1/servers', authenticated=False,
                                   headers={'X-Auth-Token': token})
        check(answer.status_code == 200 and time.time() - began < 15,
              '%s: %s after %.1f s' % (when, answer.status_code, time.time() - began))


def nothing_left():
    """Everything is deleted, and no host keeps anything of it."""
    for server in apart.servers():
        apart.delete(server['id'])
    all_well('when all are deleted')
    openstack('network', 'delete', apart.network)
    wrong = [0]

    def clean():
        wrong[:] = [one for host in apart.hosts() for one in left(host)]
        wrong.extend('row of %s' % table for table in ('neutron_port', 'neutron_deployment', 'placement_allocation')
                     if apart.select('count(*)', table) != [('0',)])
        return not wrong

    try:
        wait('the hosts to be empty', clean, 30)
    except TimeoutError:
        raise Failed('; '.join(wrong[:8])) from None


def left(host):
    """What is still on a host."""
    names = ['process ' + ' '.join(words)[:80] for words in whole.running('qemu-system', host.agent) + whole.dhcp(host)]
    for folder in ('/guests', '/fake', '/network/ports', '/network/networks', '/network/routers'):
        names += ['file ' + name for name in whole.files(host.agent + folder)]
    if apart.real:
        own = whole.namespace(host.agent)
        spaces = whole.run(*host.prefix, 'ip', 'netns', 'list').split('\n')
        names += ['namespace ' + line for line in spaces if line and line.split()[0] != own]
        links = re.findall(r'^\d+: ([^:@]+)', whole.links(host), re.MULTILINE)
        names += ['device ' + name for name in links if name != 'lo' and not name.endswith('-public')]
    return ['%s: %s' % (host.name, one) for one in names]


def main():
    global apart
    passed = failed = 0
    began = time.time()
    apart = Apart()
    apart.start()
    print('        two controllers, two agents: %.0f s' % (time.time() - began), flush=True)
    openrc = apart.controllers[0].state + '/openrc'
    login(openrc)
    apart.login(openrc)
    client.load()
    for part in [part for part in PARTS if options.only is None or part.__name__ in options.only.split(',')]:
        began = time.time()
        try:
            part()
            passed += 1
            print('ok      %s (%.0f s)' % (part.__name__, time.time() - began), flush=True)
        except Exception as e:
            failed += 1
            print('NOT OK  %s: %s' % (part.__name__, e if isinstance(e, Failed) else traceback.format_exc()), flush=True)
    if failed:
        for node in apart.controllers + apart.machines:
            print('\n'.join('%s: %s' % (node.name, line) for line in node.troubles()[-20:]))
    print('%d passed, %d failed' % (passed, failed))
    sys.exit(1 if failed else 0)


PARTS = [started, strangers, session, notifications, imports]
if not options.fake:
    PARTS += [guests, agents_killed]
PARTS += [prepared, controllers_killed, agent_killed_in_creates, broker_restarted, cache_stopped, nothing_left]
main()
