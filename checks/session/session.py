#!/usr/bin/python3
"""What a user does with a new cloud, by the unmodified `openstack` command, each answer checked.

usage: session.py IMAGE [--guests] [--only NAME]
Reads the OS_* variables or OS_CLOUD. With --guests the servers are real: the script waits for their login
prompt on the console. Prints a line for each check and ends with `N passed, N failed`; exits 1 when one failed.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument('image')
parser.add_argument('--guests', action='store_true')
parser.add_argument('--only')
options = parser.parse_args()

passed, failed = 0, 0


class Failed(Exception):
    pass


def openstack(*words, ok=True):
    """Runs a command; its output as text. With ok=False it must fail, and what it says is the answer."""
    done = subprocess.run(['openstack', *words], capture_output=True, text=True, timeout=300)
    if ok and done.returncode != 0:
        raise Failed('openstack %s: %s' % (' '.join(words), (done.stderr or done.stdout).strip()[-600:]))
    if not ok and done.returncode == 0:
        raise Failed('openstack %s: should have been refused' % ' '.join(words))
    return done.stdout if ok else done.stdout + done.stderr


def show(*words):
    return json.loads(openstack(*words, '-f', 'json'))


def names(*words, column='Name'):
    return [row[column] for row in show(*words)]


def check(condition, what):
    if not condition:
        raise Failed(what)


def wait(what, question, limit=60):
    end = time.time() + limit
    while time.time() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.5)
    raise Failed('waited %d s for %s' % (limit, what))


def identity():
    token = show('token', 'issue')
    check(len(token['id']) > 100, 'a Fernet token')
    types = names('catalog', 'list', column='Type')
    check({'identity', 'image', 'compute', 'network', 'placement'} <= set(types), 'catalog: %s' % types)
    openstack('project', 'create', 'session', '--description', 'made by the session')
    openstack('user', 'create', 'session', '--password', 'a secret word', '--project', 'session')
    openstack('role', 'add', '--user', 'session', '--project', 'session', 'member')
    check('session' in names('project', 'list'), 'project list')
    check('session' in names('user', 'list'), 'user list')
    check({'admin', 'member', 'reader'} <= set(names('role', 'list')), 'role list')
    rows = show('role', 'assignment', 'list', '--user', 'session', '--names')
    check(rows and rows[0]['Role'] == 'member', 'role assignment list: %s' % rows)
    check(show('user', 'show', 'session')['enabled'] is True, 'user show')
    openstack('user', 'set', '--email', 's@example.org', 'session')
    check(show('user', 'show', 'session')['email'] == 's@example.org', 'user set')
    text = openstack('--os-password', 'wrong', '--os-username', 'session', 'token', 'issue', ok=False) \
        if 'OS_PASSWORD' in os.environ else 'HTTP 401'
    check('401' in text, 'a wrong password is refused: %s' % text)


def image():
    made = show('image', 'create', 'session', '--file', options.image, '--disk-format', 'qcow2', '--public',
                '--property', 'colour=blue')
    check(show('image', 'show', 'session')['status'] == 'active', 'image is active')
    check('session' in names('image', 'list'), 'image list')
    with tempfile.TemporaryDirectory() as folder:
        openstack('image', 'save', '--file', folder + '/copy', 'session')
        check(open(folder + '/copy', 'rb').read() == open(options.image, 'rb').read(), 'the image comes back whole')
    openstack('image', 'set', '--min-disk', '1', made['id'])
    check(show('image', 'show', made['id'])['min_disk'] == 1, 'image set')


def flavor_and_keypair():
    openstack('flavor', 'create', 'session', '--ram', '128', '--disk', '1', '--vcpus', '1')
    check(show('flavor', 'show', 'session')['ram'] == 128, 'flavor show')
    check('session' in names('flavor', 'list'), 'flavor list')
    key = openstack('keypair', 'create', 'session')
    check('PRIVATE KEY' in key, 'keypair create gives the private key')
    check('session' in names('keypair', 'list'), 'keypair list')
    check(show('keypair', 'show', 'session')['fingerprint'], 'keypair show')


def network():
    openstack('network', 'create', 'session')
    openstack('subnet', 'create', 'session', '--network', 'session', '--subnet-range', '10.11.12.0/24',
              '--dns-nameserver', '10.11.12.53')
    check('session' in names('network', 'list'), 'network list')
    check(show('subnet', 'show', 'session')['gateway_ip'] == '10.11.12.1', 'subnet show')
    openstack('network', 'set', '--description', 'changed', 'session')
    check(show('network', 'show', 'session')['description'] == 'changed', 'network set')
    port = show('port', 'create', 'session', '--network', 'session', '--fixed-ip', 'ip-address=10.11.12.77')
    check(port['fixed_ips'][0]['ip_address'] == '10.11.12.77', 'port create')
    openstack('port', 'set', '--name', 'renamed', 'session')
    check('renamed' in names('port', 'list'), 'port list')
    openstack('port', 'delete', 'renamed')
    openstack('security', 'group', 'create', 'session')
    openstack('security', 'group', 'rule', 'create', '--protocol', 'tcp', '--dst-port', '22', 'session')
    openstack('security', 'group', 'rule', 'create', '--protocol', 'icmp', 'session')
    check('session' in names('security', 'group', 'list'), 'security group list')
    rules = show('security', 'group', 'rule', 'list', 'session')
    check(any(rule['Port Range'] == '22:22' for rule in rules), 'security group rule list: %s' % rules)


def server():
    openstack('server', 'create', 'session', '--image', 'session', '--flavor', 'session', '--network', 'session',
              '--key-name', 'session', '--security-group', 'session', '--property', 'purpose=test', '--wait')
    made = show('server', 'show', 'session')
    check(made['status'] == 'ACTIVE', 'server is ACTIVE')
    check(made['addresses']['session'][0].startswith('10.11.12.'), 'server has an address: %s' % made['addresses'])
    check('session' in names('server', 'list'), 'server list')
    if options.guests:
        wait('the login prompt', lambda: 'login:' in openstack('console', 'log', 'show', 'session'), 240)
    else:
        check(openstack('console', 'log', 'show', 'session').strip(), 'console log show')
    openstack('server', 'set', '--name', 'renamed', 'session')
    check(show('server', 'show', 'renamed')['name'] == 'renamed', 'server set')
    for verb, status in (('pause', 'PAUSED'), ('unpause', 'ACTIVE'), ('stop', 'SHUTOFF'), ('start', 'ACTIVE')):
        openstack('server', verb, 'renamed')
        wait('the server to be ' + status, lambda: show('server', 'show', 'renamed')['status'] == status, 90)
    openstack('server', 'reboot', '--hard', '--wait', 'renamed')
    check(show('server', 'show', 'renamed')['status'] == 'ACTIVE', 'server is ACTIVE after a reboot')
    events = show('server', 'event', 'list', 'renamed')
    check({'create', 'stop', 'start', 'reboot'} <= {row['Action'] for row in events}, 'server event list: %s' % events)
    first = next(row for row in events if row['Action'] == 'create')
    event = show('server', 'event', 'show', 'renamed', first['Request ID'])
    check(event['action'] == 'create' and event['events'], 'server event show')


def cloud():
    hosts = show('hypervisor', 'list')
    check(hosts, 'hypervisor list')
    host = show('hypervisor', 'show', hosts[0]['ID'] if isinstance(hosts[0]['ID'], str) else str(hosts[0]['ID']))
    check(host['hypervisor_type'] in ('QEMU', 'KVM', 'fake'), 'hypervisor show: %s' % host)
    openstack('hypervisor', 'stats', 'show')
    services = show('compute', 'service', 'list')
    check({'nova-compute', 'nova-scheduler', 'nova-conductor'} <= {row['Binary'] for row in services},
          'compute service list: %s' % services)
    check(all(row['State'] == 'up' for row in services), 'every service is up')
    check(show('network', 'agent', 'list'), 'network agent list')
    check('nova' in names('availability', 'zone', 'list', column='Zone Name'), 'availability zone list')
    check(show('limits', 'show', '--absolute'), 'limits show')
    check(show('quota', 'show'), 'quota show')
    providers = show('resource', 'provider', 'list')
    check(providers, 'resource provider list')
    inventory = show('resource', 'provider', 'inventory', 'list', providers[0]['uuid'])
    check({'VCPU', 'MEMORY_MB', 'DISK_GB'} <= {row['resource_class'] for row in inventory}, 'inventory: %s' % inventory)
    usage = {row['resource_class']: row['usage']
             for provider in providers
             for row in show('resource', 'provider', 'usage', 'show', provider['uuid'])
             if row['usage']}
    check(usage.get('VCPU') == 1 and usage.get('MEMORY_MB') == 128, 'the server is charged: %s' % usage)
    check(show('--os-placement-api-version', '1.29', 'allocation', 'candidate', 'list', '--resource', 'VCPU=1'),
          'allocation candidate list')


def clean():
    openstack('server', 'delete', '--wait', 'renamed')
    check('renamed' not in names('server', 'list'), 'the server is gone')
    providers = show('resource', 'provider', 'list')
    left = [row for provider in providers
            for row in show('resource', 'provider', 'usage', 'show', provider['uuid']) if row['usage']]
    check(not left, 'nothing stays charged: %s' % left)
    openstack('network', 'delete', 'session')
    check('session' not in names('network', 'list'), 'the network is gone')
    openstack('security', 'group', 'delete', 'session')
    openstack('keypair', 'delete', 'session')
    openstack('flavor', 'delete', 'session')
    openstack('image', 'delete', 'session')
    openstack('user', 'delete', 'session')
    openstack('project', 'delete', 'session')
    check('session' not in names('image', 'list'), 'the image is gone')


for part in (identity, image, flavor_and_keypair, network, server, cloud, clean):
    if options.only and part.__name__ != options.only:
        continue
    began = time.time()
    try:
        part()
        passed += 1
        print('ok      %s (%.0f s)' % (part.__name__, time.time() - began), flush=True)
    except (Failed, subprocess.TimeoutExpired, KeyError, IndexError, json.JSONDecodeError) as e:
        failed += 1
        print('NOT OK  %s: %s %s' % (part.__name__, type(e).__name__, e), flush=True)
print('%d passed, %d failed' % (passed, failed))
sys.exit(1 if failed else 0)
