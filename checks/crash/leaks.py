"""Leaks of every kind, made on purpose: a check that would not notice them proves nothing."""
import contextlib
import os
import shutil
import sqlite3
import subprocess
import uuid

import whole


@contextlib.contextmanager
def port(cloud):
    made = cloud.post('network', '/v2.0/ports', {'port': {
        'network_id': cloud.network, 'device_owner': 'compute:nova', 'device_id': str(uuid.uuid4())}})['port']['id']
    yield made
    cloud.session.delete(cloud.url['network'] + '/v2.0/ports/' + made)


@contextlib.contextmanager
def allocation(cloud):
    consumer = str(uuid.uuid4())
    provider = cloud.get('placement', '/resource_providers', 'resource_providers')[0]['uuid']
    version = {'OpenStack-API-Version': 'placement 1.12'}
    url = cloud.url['placement'] + '/allocations/' + consumer
    cloud.session.put(url, headers=version, json={
        'allocations': {provider: {'resources': {'VCPU': 1}}}, 'project_id': cloud.project, 'user_id': cloud.project})
    yield consumer
    cloud.session.delete(url, headers=version)


@contextlib.contextmanager
def row(cloud, insert, remove, words):
    """In the database, for what no API can make."""
    for statement in (insert, remove):
        with contextlib.closing(sqlite3.connect(cloud.state + '/nacre.db', timeout=10)) as database, database:
            database.execute(statement, words)
        if statement is insert:
            yield words[0]


def quota(cloud, service, resource):
    change = 'update nacre_quota_usage set used = used %s 1 where project = ? and service = ? and resource = ?'
    return row(cloud, change % '+', change % '-', (cloud.project, service, resource))


def address(cloud):
    """Of a port that is gone."""
    return row(cloud, "insert into neutron_fixed_ip select network_id, ?, subnet_id, 'gone', 0 from neutron_fixed_ip"
               ' limit 1', 'delete from neutron_fixed_ip where address = ?', ('10.9.3.250',))


@contextlib.contextmanager
def folder(path):
    os.makedirs(path)
    yield os.path.basename(path)
    shutil.rmtree(path)


@contextlib.contextmanager
def file(path):
    open(path, 'w').close()
    yield os.path.basename(path)
    os.remove(path)


@contextlib.contextmanager
def process(cloud):
    """One that looks as a guest's does."""
    stray = str(uuid.uuid4())
    child = subprocess.Popen(['qemu-system-x86_64', '-machine', 'none', '-display', 'none', '-name',
                              '%s/agent/guests/%s' % (cloud.state, stray)], stdout=subprocess.DEVNULL)
    yield stray
    child.kill()
    child.wait()


@contextlib.contextmanager
def tap(cloud):
    name = 'tap' + str(uuid.uuid4())[:11]
    inside = ['ip', '-n', whole.namespace(cloud.state + '/agent')]
    subprocess.run(inside + ['tuntap', 'add', 'dev', name, 'mode', 'tap'], check=True)
    yield name
    subprocess.run(inside + ['link', 'del', 'dev', name], check=True)


def plant(cloud):
    """Answers each kind of leak with whether the check named it."""
    agent = cloud.state + '/agent'
    kinds = [('port', port(cloud)),
             ('allocation', allocation(cloud)),
             ('quota of servers', quota(cloud, 'nova', 'instances')),
             ('quota of ports', quota(cloud, 'neutron', 'port')),
             ('address', address(cloud)),
             ('port on the host', file('%s/network/ports/%s.json' % (agent, uuid.uuid4())))]
    if cloud.real:
        kinds += [('disk', folder('%s/guests/%s' % (agent, uuid.uuid4()))), ('process', process(cloud)),
                  ('tap', tap(cloud))]
    else:
        kinds += [('guest', file('%s/fake/%s.json' % (agent, uuid.uuid4())))]
    for name, leak in kinds:
        with leak as sign:
            before = whole.faults(cloud)
        # A quota's sign is its project, which no complaint names.
        yield name, any(sign in one for one in before) or (name.startswith('quota') and any('quota' in one for one in before))
