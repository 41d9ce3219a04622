"""Whether all that a cloud keeps agrees: its APIs, its database, and its hosts."""
import collections
import contextlib
import hashlib
import os
import re
import subprocess

VCPUS, RAM, DISK = 1, 96, 1

# Of one agent: its state directory, the host's name, and what goes before a command that shall run on that host.
Host = collections.namedtuple('Host', 'agent name prefix')


def faults(cloud):
    """What is not as it should be, in words; empty when all is well."""
    servers = cloud.servers()
    ids = {server['id'] for server in servers}
    ports = cloud.get('network', '/v2.0/ports', 'ports')
    theirs = [port for port in ports if port['network_id'] == cloud.network and port['device_owner'] != 'network:dhcp']
    wrong = stuck(cloud, servers, ids)
    wrong += of_ports(cloud, ids, ports, theirs)
    wrong += allocations(cloud, ids)
    wrong += quotas(cloud, len(ids), len(theirs))
    wrong += rows(cloud, ids, ports, theirs)
    wrong += on_hosts(cloud, ids, {port['id'] for port in theirs})
    return wrong


def differ(what, found, expected):
    found, expected = set(found), set(expected)
    return ['%s %s is too much' % (what, one) for one in sorted(found - expected)] + [
        '%s %s is missing' % (what, one) for one in sorted(expected - found)]


def unequal(what, found, expected):
    return [] if found == expected else ['%s: %s instead of %s' % (what, found, expected)]


def stuck(cloud, servers, ids):
    wrong = ['server %s is %s/%s %s' % (server['id'], server['status'], server['OS-EXT-STS:task_state'],
                                        server.get('fault', {}).get('message', ''))
             for server in servers if server['OS-EXT-STS:task_state'] or server['status'] != 'ACTIVE']
    wrong += ['server %s was accepted and is lost' % one for one in cloud.accepted - ids]
    wrong += ['server %s was deleted and is there' % one for one in cloud.gone & ids]
    return wrong


def of_ports(cloud, ids, ports, theirs):
    wrong = differ('port of server', [port['device_id'] for port in theirs], ids)
    wrong += unequal('ports of servers', len(theirs), len(ids))
    wrong += ['port %s has %d addresses and is %s' % (port['id'], len(port['fixed_ips']), port['status'])
              for port in theirs if len(port['fixed_ips']) != 1 or port['status'] != 'ACTIVE']
    addresses = sum(len(port['fixed_ips']) for port in ports if port['network_id'] == cloud.network)
    used = cloud.get('network', '/v2.0/network-ip-availabilities/' + cloud.network, 'network_ip_availability')
    return wrong + unequal('used addresses', used['used_ips'], addresses)


def allocations(cloud, ids):
    held, usage = {}, collections.Counter()
    each = {'VCPU': VCPUS, 'MEMORY_MB': RAM, 'DISK_GB': DISK}
    for provider in cloud.get('placement', '/resource_providers', 'resource_providers'):
        path = '/resource_providers/' + provider['uuid']
        here = cloud.get('placement', path + '/allocations', 'allocations')
        held.update({consumer: one['resources'] for consumer, one in here.items()})
        usage.update(cloud.get('placement', path + '/usages', 'usages'))
    wrong = unequal('usage', {name: usage[name] for name in each},
                    {name: amount * len(ids) for name, amount in each.items()})
    wrong += differ('allocation of', held, ids)
    wrong += ['allocation of %s is %s' % (one, resources) for one, resources in held.items() if resources != each]
    return wrong


def quotas(cloud, servers, ports):
    used = cloud.get('compute', '/v2.1/os-quota-sets/%s/detail' % cloud.project, 'quota_set')
    wrong = unequal('quota used', {name: used[name]['in_use'] for name in ('instances', 'cores', 'ram')},
                    {'instances': servers, 'cores': servers * VCPUS, 'ram': servers * RAM})
    used = cloud.get('network', '/v2.0/quotas/%s/details.json' % cloud.project, 'quota')
    return wrong + unequal('quota of ports used', used['port']['used'], ports)


def rows(cloud, ids, ports, theirs):
    """What no API tells."""
    wrong = ['task %s %s is at %s' % row for row in cloud.select(
        'saga, resource, step', "nacre_task where status in ('RUNNING', 'UNDOING')")]
    wrong += differ('row of address', cloud.select('port_id, address', 'neutron_fixed_ip'),
                    [(port['id'], ip['ip_address']) for port in ports for ip in port['fixed_ips']])
    wrong += differ('group membership of port', column(cloud, 'port_id', 'neutron_port_group'),
                    [port['id'] for port in ports if port['security_groups']])
    wrong += differ('row of consumer', column(cloud, 'id', 'placement_consumer'), ids)
    wrong += differ('deployment of port', column(cloud, 'object_id', "neutron_deployment where kind = 'PORT'"),
                    [port['id'] for port in theirs])
    wrong += ['deployment of %s %s is not carried out' % row for row in cloud.select(
        'kind, object_id', 'neutron_deployment where wanted = 0 or applied < generation')]
    return wrong


def column(cloud, name, rest):
    return [row[0] for row in cloud.select(name, rest)]


def on_hosts(cloud, ids, ports):
    hosts = cloud.hosts()

    def here(folder):
        return [(host, name) for host in hosts for name in files(host.agent + folder)]

    wrong = differ('file of port', [name for _, name in here('/network/ports')], [one + '.json' for one in ports])
    if not cloud.real:
        return wrong + differ('file of guest', [name for _, name in here('/fake')], [one + '.json' for one in ids])
    wrong += differ('folder of guest', [name for _, name in here('/guests')], ids)
    for host, one in here('/guests'):
        wrong += differ('guest %s:' % one, set(files(host.agent + '/guests/' + one)) & {'disk.qcow2', 'guest.json', 'pid'},
                        {'disk.qcow2', 'guest.json', 'pid'})
    wrong += ['unfinished image %s' % name for _, name in here('/images') if name.endswith('.part')]
    processes = [one for host in hosts for one in qemus(host.agent + '/guests/')]
    wrong += differ('process of guest', processes, ids)
    wrong += unequal('processes', len(processes), len(ids))
    taps = {'tap' + one[:11] for one in ports}
    wrong += differ('device', [tap for host in hosts for tap in re.findall(r'\b(tap[0-9a-f-]+)', links(host))], taps)
    wrong += differ('filter of', [tap for host in hosts for tap in re.findall(r'\btap[0-9a-f-]{11}', rules(host))], taps)
    return wrong + unequal('DHCP servers', sum(len(dhcp(host)) for host in hosts), 1)


def links(host):
    return run(*host.prefix, 'ip', '-n', namespace(host.agent), '-o', 'link')


def rules(host):
    return run(*host.prefix, 'ip', 'netns', 'exec', namespace(host.agent), 'nft', 'list', 'ruleset')


def dhcp(host):
    """Its DHCP services."""
    return running('dnsmasq', '/run/' + namespace('%s@%s' % (host.agent, host.name)))


def files(folder):
    return os.listdir(folder) if os.path.isdir(folder) else []


def running(program, word):
    """The arguments of the processes of a program in which a word stands."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            words = open('/proc/%s/cmdline' % pid).read().split('\0')
            if program in os.path.basename(words[0]) and any(word in one for one in words):
                found.append(words)
    return found


def qemus(folder):
    return [re.search(re.escape(folder) + '([0-9a-f-]{36})', ' '.join(words)).group(1)
            for words in running('qemu-system', folder)]


def namespace(path):
    """As DeviceNames.namespace has it."""
    return 'nacre-' + hashlib.sha256(path.encode()).hexdigest()[:8]


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
