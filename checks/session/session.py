#!/usr/bin/python3
"""What a user does with a new cloud, by the unmodified `openstack` command, each answer checked.

usage: session.py IMAGE [--guests] [--hosts N] [--only PART]
Reads the OS_* variables. With --guests the servers are real: the script waits for their login prompt on the console.
Prints a line for each part and ends with `N passed, N failed`, where N counts checks; exits 1 when one failed.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import parts
from client import names, openstack, show
from parts import check, wait

parser = argparse.ArgumentParser()
parser.add_argument('image')
parser.add_argument('--guests', action='store_true')
parser.add_argument('--hosts', type=int, default=1, help='how many the cloud has')
parser.add_argument('--only')
options = parser.parse_args()


def command():
    """The command as a user's shell runs it."""
    done = subprocess.run(['openstack', 'token', 'issue', '-f', 'json'], capture_output=True, text=True, timeout=120)
    check(done.returncode == 0, 'openstack token issue: %s' % done.stderr)
    check(len(json.loads(done.stdout)['id']) > 100, 'a Fernet token: %s' % done.stdout)


def identity():
    catalog = {row['Type']: row['Endpoints'] for row in show('catalog', 'list')}
    check({'identity', 'image', 'compute', 'network', 'placement'} <= set(catalog), 'catalog: %s' % catalog)
    check(all('http://' in str(endpoints) for endpoints in catalog.values()), 'catalog endpoints: %s' % catalog)
    made = show('project', 'create', 'session', '--description', 'made by the session')
    check(made['description'] == 'made by the session' and made['enabled'] is True, 'project create: %s' % made)
    openstack('project', 'set', '--description', 'changed', 'session')
    check(show('project', 'show', 'session')['description'] == 'changed', 'project set and show')
    check('session' in names('project', 'list'), 'project list')
    made = show('user', 'create', 'session', '--password', 'a secret word', '--project', 'session')
    check(made['name'] == 'session' and 'password' not in made, 'user create: %s' % made)
    openstack('user', 'set', '--email', 's@example.org', 'session')
    user = show('user', 'show', 'session')
    check(user['email'] == 's@example.org' and user['enabled'] is True, 'user set and show: %s' % user)
    check('session' in names('user', 'list'), 'user list')
    check(show('role', 'create', 'session')['name'] == 'session', 'role create')
    check({'admin', 'member', 'reader', 'session'} <= set(names('role', 'list')), 'role list')
    check(show('role', 'show', 'session')['name'] == 'session', 'role show')
    for role in ('member', 'session'):
        openstack('role', 'add', '--user', 'session', '--project', 'session', role)
    roles = names('role', 'assignment', 'list', '--user', 'session', '--names', column='Role')
    check(sorted(roles) == ['member', 'session'], 'role add and role assignment list: %s' % roles)
    openstack('role', 'remove', '--user', 'session', '--project', 'session', 'session')
    roles = names('role', 'assignment', 'list', '--user', 'session', '--names', column='Role')
    check(roles == ['member'], 'role remove: %s' % roles)
    openstack('role', 'delete', 'session')
    check('session' not in names('role', 'list'), 'role delete')


def member():
    """What the new user may do, and what not."""
    as_user = {'OS_USERNAME': 'session', 'OS_PASSWORD': 'a secret word', 'OS_PROJECT_NAME': 'session'}
    check(show('token', 'issue', environment=as_user)['id'], 'the new user logs in')
    check(show('server', 'list', environment=as_user) == [], 'a member sees the servers of its project only')
    text = openstack('token', 'issue', ok=False, environment={**as_user, 'OS_PASSWORD': 'wrong'})
    check('HTTP 401' in text, 'a wrong password is refused: %s' % text)
    text = openstack('hypervisor', 'list', ok=False, environment=as_user)
    check('HTTP 403' in text or 'Forbidden' in text, 'a member is refused at an admin route: %s' % text)


def image():
    made = show('image', 'create', 'session', '--file', options.image, '--disk-format', 'qcow2', '--public',
                '--property', 'colour=blue')
    shown = show('image', 'show', 'session')
    check(shown['id'] == made['id'] and shown['status'] == 'active', 'image create --file: %s' % shown)
    check(shown['size'] == os.path.getsize(options.image), 'image show: %s' % shown)
    check(shown['properties'].get('colour') == 'blue', 'image show: %s' % shown)
    check('session' in names('image', 'list'), 'image list')
    with tempfile.TemporaryDirectory() as folder:
        openstack('image', 'save', '--file', folder + '/copy', 'session')
        with open(folder + '/copy', 'rb') as copy, open(options.image, 'rb') as original:
            check(copy.read() == original.read(), 'image save: it comes back whole')
    openstack('image', 'set', '--min-disk', '1', made['id'])
    check(show('image', 'show', made['id'])['min_disk'] == 1, 'image set')


def flavor_and_keypair():
    made = show('flavor', 'create', 'session', '--ram', '128', '--disk', '1', '--vcpus', '1')
    check((made['ram'], made['disk'], made['vcpus']) == (128, 1, 1), 'flavor create: %s' % made)
    check(show('flavor', 'show', 'session')['id'] == made['id'], 'flavor show')
    check('session' in names('flavor', 'list'), 'flavor list')
    key = openstack('keypair', 'create', 'session')
    check('PRIVATE KEY' in key, 'keypair create gives the private key')
    check('session' in names('keypair', 'list'), 'keypair list')
    check(len(show('keypair', 'show', 'session')['fingerprint'].split(':')) == 16, 'keypair show')


def network():
    made = show('network', 'create', 'session')
    check(made['name'] == 'session' and made['status'] == 'ACTIVE', 'network create: %s' % made)
    check('session' in names('network', 'list'), 'network list')
    openstack('network', 'set', '--description', 'changed', 'session')
    check(show('network', 'show', 'session')['description'] == 'changed', 'network set and show')
    made = show('subnet', 'create', 'session', '--network', 'session', '--subnet-range', '10.11.12.0/24',
                '--dns-nameserver', '10.11.12.53')
    check(made['gateway_ip'] == '10.11.12.1' and made['enable_dhcp'] is True, 'subnet create: %s' % made)
    check(('session', '10.11.12.0/24') in [(row['Name'], row['Subnet']) for row in show('subnet', 'list')],
          'subnet list')
    openstack('subnet', 'set', '--description', 'changed', 'session')
    shown = show('subnet', 'show', 'session')
    check(shown['description'] == 'changed' and shown['dns_nameservers'] == ['10.11.12.53'],
          'subnet set and show: %s' % shown)
    port = show('port', 'create', 'session', '--network', 'session', '--fixed-ip', 'ip-address=10.11.12.77')
    check(port['fixed_ips'][0]['ip_address'] == '10.11.12.77', 'port create: %s' % port)
    openstack('port', 'set', '--name', 'renamed', 'session')
    check(show('port', 'show', 'renamed')['id'] == port['id'], 'port set and show')
    check('renamed' in names('port', 'list'), 'port list')
    openstack('port', 'delete', 'renamed')
    check('renamed' not in names('port', 'list'), 'port delete')
    openstack('subnet', 'create', 'passing', '--network', 'session', '--subnet-range', '10.11.13.0/24')
    openstack('subnet', 'delete', 'passing')
    check('passing' not in names('subnet', 'list'), 'subnet delete')


def security_group():
    made = show('security', 'group', 'create', 'session')
    check(made['name'] == 'session', 'security group create: %s' % made)
    rule = show('security', 'group', 'rule', 'create', '--protocol', 'tcp', '--dst-port', '22', 'session')
    check((rule['protocol'], rule['port_range_min']) == ('tcp', 22), 'security group rule create: %s' % rule)
    ping = show('security', 'group', 'rule', 'create', '--protocol', 'icmp', 'session')
    check('session' in names('security', 'group', 'list'), 'security group list')
    rules = show('security', 'group', 'rule', 'list', 'session')
    check(any(rule['Port Range'] == '22:22' for rule in rules), 'security group rule list: %s' % rules)
    openstack('security', 'group', 'rule', 'delete', ping['id'])
    left = names('security', 'group', 'rule', 'list', 'session', column='ID')
    check(rule['id'] in left and ping['id'] not in left, 'security group rule delete: %s' % left)


def server_create():
    openstack('server', 'create', 'session', '--image', 'session', '--flavor', 'session', '--network', 'session',
              '--key-name', 'session', '--security-group', 'session', '--property', 'purpose=test', '--wait')
    made = show('server', 'show', 'session')
    check(made['status'] == 'ACTIVE', 'server is ACTIVE: %s' % made)
    check(made['addresses']['session'][0].startswith('10.11.12.'), 'server has an address: %s' % made['addresses'])
    check(made['key_name'] == 'session' and made['properties'] == {'purpose': 'test'}, 'server show: %s' % made)


def server():
    rows = {row['Name']: row for row in show('server', 'list')}
    check(rows.get('session', {}).get('Status') == 'ACTIVE', 'server list: %s' % rows)
    openstack('server', 'set', '--name', 'renamed', 'session')
    check(show('server', 'show', 'renamed')['name'] == 'renamed', 'server set')
    console = 'login:' if options.guests else '\n'
    wait(repr(console) + ' on the console', lambda: console in openstack('console', 'log', 'show', 'renamed'), 240)
    for verb, status in (('pause', 'PAUSED'), ('unpause', 'ACTIVE'), ('stop', 'SHUTOFF'), ('start', 'ACTIVE')):
        openstack('server', verb, 'renamed')
        wait('the server to be ' + status, lambda: show('server', 'show', 'renamed')['status'] == status, 90)
    for kind in ('--hard', '--soft'):
        openstack('server', 'reboot', kind, '--wait', 'renamed')
        check(show('server', 'show', 'renamed')['status'] == 'ACTIVE', 'server reboot %s --wait' % kind)
    events = show('server', 'event', 'list', 'renamed')
    check({'create', 'pause', 'unpause', 'stop', 'start', 'reboot'} <= {row['Action'] for row in events},
          'server event list: %s' % events)
    first = next(row for row in events if row['Action'] == 'create')
    event = show('server', 'event', 'show', 'renamed', first['Request ID'])
    check(event['action'] == 'create' and event['events'], 'server event show: %s' % event)
    check('Success' in str(event['events']) and 'Error' not in str(event['events']), 'its events: %s' % event)


def cloud():
    hosts = show('hypervisor', 'list')
    check([host['State'] for host in hosts] == ['up'] * options.hosts, 'hypervisor list: %s' % hosts)
    host = show('hypervisor', 'show', str(hosts[0]['ID']))
    check(host['hypervisor_type'] in (('QEMU', 'KVM') if options.guests else ('fake',)), 'hypervisor show: %s' % host)
    stats = show('hypervisor', 'stats', 'show')
    check((stats['count'], stats['running_vms'], stats['vcpus_used']) == (options.hosts, 1, 1),
          'hypervisor stats: %s' % stats)
    services = show('compute', 'service', 'list')
    check({'nova-compute', 'nova-scheduler', 'nova-conductor'} <= {row['Binary'] for row in services},
          'compute service list: %s' % services)
    check(all(row['State'] == 'up' for row in services), 'every service is up')
    agents = show('network', 'agent', 'list')
    check(agents and all(row['Alive'] is True and row['State'] is True for row in agents), 'agents: %s' % agents)
    zones = {row['Zone Name']: row['Zone Status'] for row in show('availability', 'zone', 'list')}
    check(zones.get('nova') == 'available', 'availability zone list: %s' % zones)
    limits = {row['Name']: row['Value'] for row in show('limits', 'show', '--absolute')}
    check(limits['totalInstancesUsed'] == 1 and limits['totalRAMUsed'] == 128, 'limits show: %s' % limits)
    quota = show('quota', 'show')
    quota = {row['Resource']: row['Limit'] for row in quota} if isinstance(quota, list) else quota
    check(quota['instances'] == 10 and quota['cores'] == 20, 'quota show: %s' % quota)
    check(quota.get('networks', quota.get('network')) == 100, 'quota show has those of the network: %s' % quota)


def usage():
    """What is charged, of all providers."""
    rows = [row for provider in names('resource', 'provider', 'list', column='uuid')
            for row in show('resource', 'provider', 'usage', 'show', provider)]
    return {kind: sum(row['usage'] for row in rows if row['resource_class'] == kind)
            for kind in ('VCPU', 'MEMORY_MB', 'DISK_GB')}


def resources():
    providers = names('resource', 'provider', 'list', column='uuid')
    check(len(providers) == options.hosts, 'resource provider list: %s' % providers)
    for provider in providers:
        rows = show('resource', 'provider', 'inventory', 'list', provider)
        inventory = {row['resource_class']: row for row in rows}
        check({'VCPU', 'MEMORY_MB', 'DISK_GB'} <= set(inventory), 'resource provider inventory: %s' % inventory)
        check(inventory['MEMORY_MB']['total'] > 128, 'resource provider inventory: %s' % inventory)
    charged = usage()
    check(charged == {'VCPU': 1, 'MEMORY_MB': 128, 'DISK_GB': 1}, 'the server is charged: %s' % charged)
    candidates = show('--os-placement-api-version', '1.29', 'allocation', 'candidate', 'list', '--resource', 'VCPU=1')
    check(sorted(row['resource provider'] for row in candidates) == sorted(providers),
          'allocation candidate list: %s' % candidates)


def server_delete():
    openstack('server', 'delete', '--wait', 'renamed')
    check('renamed' not in names('server', 'list'), 'server delete')
    left = usage()
    check(not any(left.values()), 'nothing stays charged: %s' % left)
    check('compute:nova' not in names('port', 'list', '--long', column='Device Owner'), 'its port is gone')
    openstack('network', 'delete', 'session')
    check('session' not in names('network', 'list') + names('subnet', 'list'), 'network delete takes the subnet along')


def clean():
    for kind in (['security', 'group'], ['keypair'], ['flavor'], ['image'], ['user'], ['project']):
        openstack(*kind, 'delete', 'session')
        check('session' not in names(*kind, 'list'), ' '.join(kind) + ' delete')


WAVES = ((command,), (identity, image, network, flavor_and_keypair, security_group), (server_create,),
         (server, cloud, resources, member), (server_delete,), (clean,))

sys.exit(parts.run(WAVES, options.only))
