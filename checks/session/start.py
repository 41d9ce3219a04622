#!/usr/bin/python3
"""Starting, refusing and stopping: what `nacre up` and its like say and do, and what bad requests are answered.

usage: start.py          (NACRE_PORT_OFFSET: the first of the ports; the clouds are on fake guests)
Prints a line for each part and ends with `N passed, N failed`; exits 1 when one failed.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NACRE = os.path.join(HOME, 'nacre')
OFFSET = int(os.environ.get('NACRE_PORT_OFFSET', '22000'))
FAKES = ['-o', 'compute.driver=fake', '-o', 'network.driver=fake']
PORTS = {'identity': 5000, 'image': 9292, 'placement': 8778, 'compute': 8774, 'network': 9696}
SCRATCH = tempfile.mkdtemp(prefix='nacre-start.')
STATE = os.path.join(SCRATCH, 'first')
DEFAULT = {'id': 'default'}


class Failed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


def nacre(*words, code=0):
    """Runs a command to its end; what it said."""
    done = subprocess.run([NACRE, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=300)
    check(done.returncode == code, 'nacre %s ended with %d: %s' % (' '.join(words), done.returncode, done.stdout))
    return done.stdout


def up(state, *words, offset=OFFSET, code=0):
    return nacre('up', '--state', state, '--port-offset', str(offset), *FAKES, *words, code=code)


def url(service, path, offset=OFFSET):
    return 'http://127.0.0.1:%d%s' % (PORTS[service] + offset, path)


def ask(method, service, path, body=None, token=None, offset=OFFSET):
    """A request and its answer: status, headers, text. A body that is not text goes as JSON."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url(service, path, offset), data=data, method=method)
    request.add_header('Content-Type', 'application/json')
    if token:
        request.add_header('X-Auth-Token', token)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


def login(user, password, project, offset=OFFSET):
    body = {'auth': {'identity': {'methods': ['password'], 'password': {
        'user': {'name': user, 'password': password, 'domain': DEFAULT}}},
        'scope': {'project': {'name': project, 'domain': DEFAULT}}}}
    return ask('POST', 'identity', '/v3/auth/tokens', body, offset=offset)


def admin(state=STATE, offset=OFFSET):
    with open(os.path.join(state, 'secrets', 'admin-password')) as file:
        return login('admin', file.read().strip(), 'admin', offset)[1]['X-Subject-Token']


def expect(status, answer, *words):
    check(answer[0] == status and all(word in answer[2] for word in words), 'expected %d with %s: %s %s'
          % (status, words, answer[0], answer[2]))


def owner(state):
    """The process that owns a state directory; None when there is none."""
    done = subprocess.run([NACRE, 'status', '--state', state], stdout=subprocess.PIPE, text=True, timeout=60)
    found = re.search(r'\(process (\d+)\)', done.stdout)
    check(done.returncode == (0 if found else 3), 'status: %d %s' % (done.returncode, done.stdout))
    return int(found.group(1)) if found else None


def command_of(pid):
    with open('/proc/%d/cmdline' % pid) as file:
        return file.read()


def first_start():
    text = up(STATE, '--detach')
    for service, port in PORTS.items():
        check(re.search(r'%s +http://127.0.0.1:%d' % (service, port + OFFSET), text), 'its endpoints: ' + text)
    for word in ('OS_CLOUD=nacre', STATE + '/clouds.yaml', STATE + '/openrc', STATE + '/log/nacre.log'):
        check(word in text, word + ' is not in ' + text)
    for name in ('clouds.yaml', 'openrc', 'secrets/admin-password'):
        check(os.stat(os.path.join(STATE, name)).st_mode & 0o077 == 0, name + ' is for its owner only')
    status = nacre('status', '--state', STATE)
    check('is running on ' + STATE in status and text[text.index('Nacre is up.'):].strip() in status, 'status: ' + status)


def mistyped():
    """Who mistypes is told so, and waits for no start-up cache."""
    home = os.path.join(SCRATCH, 'home')
    os.makedirs(home + '/launcher/target')
    os.symlink(HOME + '/launcher/target/nacre.jar', home + '/launcher/target/nacre.jar')
    shutil.copy(NACRE, home)
    for words in (['upp'], ['up', '--detatch'], ['demo', '--clen']):
        done = subprocess.run([home + '/nacre', *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60)
        check(done.returncode == 2 and words[-1] in done.stderr and not done.stdout, '%s: %s' % (words, done))
    check(os.listdir(home + '/launcher/target') == ['nacre.jar'], 'a cache was recorded')


def second_start():
    pid = owner(STATE)
    said = 'already running on %s (process %d)' % (STATE, pid)
    for words in ([], ['--detach']):
        text = up(STATE, *words)
        check(said in text, 'a second up: ' + text)
    text = nacre('purge', '--state', STATE, code=1)
    check(said in text, 'whoever else wants the state directory is refused: ' + text)
    check(owner(STATE) == pid, 'the first goes on')


def needs_a_broker():
    text = up(os.path.join(SCRATCH, 'second'), '-o', 'notifications.driver=messagingv2', code=1)
    check('[notifications]' in text and 'RabbitMQ' in text and '\tat ' not in text, text)


def ports_in_use():
    pid = owner(STATE)
    other = os.path.join(SCRATCH, 'second')
    text = up(other, code=1)
    check(re.search(r'Cannot listen on 127.0.0.1:(%s) for \w+: the port is in use by process %d \(.*java'
                    % ('|'.join(str(port + OFFSET) for port in PORTS.values()), pid), text), 'its holder: ' + text)
    check('\tat ' not in text, 'a message, no stack trace: ' + text)
    text = up(other, '--detach', code=1)
    check('did not start' in text and 'process %d' % pid in text, 'the same from --detach: ' + text)
    check(owner(other) is None, 'what did not start owns nothing')
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', PORTS['network'] + OFFSET + 100))
        taken.listen()
        text = up(other, offset=OFFSET + 100, code=1)
        check('for neutron: the port is in use by process %d (' % os.getpid() in text, text)


def two_at_once():
    """Of two that start on the same directory one runs; the other says so."""
    other = os.path.join(SCRATCH, 'third')
    words = [NACRE, 'up', '--state', other, '--port-offset', str(OFFSET + 100), *FAKES]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    end = time.time() + 120
    while time.time() < end and sum(process.poll() is not None for process in both) < 1:
        time.sleep(0.1)
    ended = [process for process in both if process.poll() is not None]
    check(len(ended) == 1, 'one of two ends: %s' % [process.poll() for process in both])
    check('already running on ' + other in ended[0].stdout.read(), 'and says why')
    runs = next(process for process in both if process not in ended)
    check(runs.stdout.readline() == 'Nacre is up.\n', 'the other runs')
    runs.send_signal(signal.SIGINT)
    text = runs.communicate(timeout=60)[0]
    check('Stopping; guests keep running.' in text, 'Ctrl-C: ' + text)
    check(owner(other) is None, 'and owns nothing any more')


SERVICES = (('identity', '/v3/users'), ('image', '/v2/images'), ('placement', '/resource_providers'),
            ('compute', '/v2.1/servers'), ('network', '/v2.0/networks'))


def refused(service, path, kind, token, offset=OFFSET):
    status, headers, text = ask('GET', service, path, token=token, offset=offset)
    check(status == 401, '%s with %s token: %d %s' % (service, kind, status, text))
    where = headers['WWW-Authenticate'] or ''
    check(where.startswith('Keystone uri="' + url('identity', '', offset)),
          '%s with %s token: WWW-Authenticate is %s' % (service, kind, where))


def tokens():
    status, headers, text = login('admin', 'wrong', 'admin')
    check(status == 401 and headers['WWW-Authenticate'], 'a wrong password: %d %s' % (status, text))
    good = admin()
    revoked = admin()
    status, _, text = revoke(good, revoked)
    check(status == 204, 'a token is revoked: %d %s' % (status, text))
    for service, path in SERVICES:
        check(ask('GET', service, path, token=good)[0] == 200, '%s knows a good token' % service)
        for kind, token in (('no', None), ('a garbled', good[:-9] + 'AAAAAAAA='), ('a made-up', 'gAAAAnonsense'),
                            ('a revoked', revoked)):
            refused(service, path, kind, token)


def expired():
    """A token that was good is over at every service when its time is up, also where it is remembered."""
    other, offset = os.path.join(SCRATCH, 'third'), OFFSET + 100
    up(other, '--detach', '-o', 'keystone.token_lifetime=4s', offset=offset)
    began = time.time()
    token = admin(other, offset)
    before = [ask('GET', service, path, token=token, offset=offset)[0] for service, path in SERVICES]
    check(before == [200] * len(SERVICES) or time.time() - began > 4, 'at first it is good: %s' % before)
    time.sleep(max(0, began + 5.5 - time.time()))
    for service, path in SERVICES:
        refused(service, path, 'an expired', token, offset)
    nacre('down', '--state', other)


def revoke(token, subject):
    request = urllib.request.Request(url('identity', '/v3/auth/tokens'), method='DELETE')
    request.add_header('X-Auth-Token', token)
    request.add_header('X-Subject-Token', subject)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, answer.headers, ''


def strangers():
    """Another project's things are not there for a member; what is an administrator's is refused to it."""
    token = admin()
    project = json.loads(ask('POST', 'identity', '/v3/projects', {'project': {'name': 'other'}}, token)[2])['project']
    user = json.loads(ask('POST', 'identity', '/v3/users', {'user': {
        'name': 'member', 'password': 'a secret word', 'default_project_id': project['id']}}, token)[2])['user']
    roles = json.loads(ask('GET', 'identity', '/v3/roles?name=member', token=token)[2])['roles']
    expect(204, ask('PUT', 'identity', '/v3/projects/%s/users/%s/roles/%s'
                    % (project['id'], user['id'], roles[0]['id']), token=token))
    network = json.loads(ask('POST', 'network', '/v2.0/networks', {'network': {'name': 'mine'}}, token)[2])['network']
    expect(201, ask('POST', 'network', '/v2.0/subnets', {'subnet': {
        'network_id': network['id'], 'ip_version': 4, 'cidr': '10.3.0.0/24'}}, token))
    image = json.loads(ask('POST', 'image', '/v2/images', {
        'name': 'mine', 'disk_format': 'raw', 'container_format': 'bare', 'visibility': 'private'}, token)[2])
    flavor = json.loads(ask('POST', 'compute', '/v2.1/flavors', {'flavor': {
        'name': 'huge', 'ram': 128, 'vcpus': 1, 'disk': 1 << 20}}, token)[2])['flavor']
    put = urllib.request.Request(url('image', '/v2/images/%s/file' % image['id']), data=b'x' * 512, method='PUT')
    put.add_header('X-Auth-Token', token)
    put.add_header('Content-Type', 'application/octet-stream')
    urllib.request.urlopen(put, timeout=60).close()
    status, _, text = placed(token, flavor, image, network)
    check(status == 202, 'server create: %d %s' % (status, text))
    server = json.loads(text)['server']
    no_valid_host(token, server['id'])
    member = login('member', 'a secret word', 'other')[1]['X-Subject-Token']
    for service, path in (('network', '/v2.0/networks/' + network['id']), ('image', '/v2/images/' + image['id']),
                          ('compute', '/v2.1/servers/' + server['id'])):
        check(ask('GET', service, path, token=token)[0] == 200, path + ' is its owner\'s')
        expect(404, ask('GET', service, path, token=member))
        expect(404, ask('DELETE', service, path, token=member))
    for service, path in (('compute', '/v2.1/os-hypervisors'), ('compute', '/v2.1/os-services'),
                          ('identity', '/v3/users'), ('placement', '/resource_providers')):
        expect(403, ask('GET', service, path, token=member))
    expect(403, ask('POST', 'network', '/v2.0/networks', {'network': {'name': 'a', 'shared': True}}, member))


def placed(token, flavor, image, network):
    return ask('POST', 'compute', '/v2.1/servers', {'server': {
        'name': 'mine', 'flavorRef': flavor['id'], 'imageRef': image['id'],
        'networks': [{'uuid': network['id']}]}}, token)


def no_valid_host(token, server):
    """A server that no host has room for: the original's fault text, and in the event what refused it."""
    end = time.time() + 60
    while True:
        shown = json.loads(ask('GET', 'compute', '/v2.1/servers/' + server, token=token)[2])['server']
        if shown['status'] != 'BUILD' or time.time() > end:
            break
        time.sleep(0.1)
    check(shown['status'] == 'ERROR', 'a server for which there is no room: %s' % shown['status'])
    check(shown['fault']['message'] == 'No valid host was found. There are not enough hosts available.',
          'its fault: %s' % shown['fault'])
    with open(os.path.join(STATE, 'log', 'nacre.log')) as log:
        check(any('No valid host for server ' + server in line for line in log), 'the reason stands in the log')
    actions = json.loads(ask('GET', 'compute', '/v2.1/servers/%s/os-instance-actions' % server, token=token)[2])
    request = actions['instanceActions'][0]['request_id']
    action = urllib.request.Request(url('compute', '/v2.1/servers/%s/os-instance-actions/%s' % (server, request)))
    action.add_header('X-Auth-Token', token)
    action.add_header('X-OpenStack-Nova-API-Version', '2.84')
    with urllib.request.urlopen(action, timeout=60) as answer:
        events = json.loads(answer.read())['instanceAction']['events']
    check(any(event['result'] == 'Error' and event.get('details') for event in events), 'its events: %s' % events)
    print('        no valid host: %s' % [event.get('details') for event in events], flush=True)


def bad_bodies():
    token = admin()
    routes = (('identity', '/v3/projects', 'project', {'name': 5}),
              ('image', '/v2/images', None, {'name': 5}),
              ('placement', '/resource_providers', None, {'name': 5}),
              ('compute', '/v2.1/os-keypairs', 'keypair', {'name': 5}),
              ('network', '/v2.0/networks', 'network', {'name': 5}))
    for service, path, wrapper, wrong in routes:
        expect(400, ask('POST', service, path, b'{"name": ', token))
        expect(400, ask('POST', service, path, b'[1, 2]', token))
        expect(400, ask('POST', service, path, {wrapper: wrong} if wrapper else wrong, token), 'name')
    request = urllib.request.Request(url('image', '/v2/images'), data=b'{"name": "form"}', method='POST')
    request.add_header('X-Auth-Token', token)  # and the type that curl and Python say when nobody says one
    with urllib.request.urlopen(request, timeout=60) as answer:
        check(answer.status == 201, 'images are made from JSON, whatever type it is said to be of')
    # Identity and image keep fields they do not know, as the original does.
    expect(400, ask('POST', 'compute', '/v2.1/os-keypairs', {'keypair': {'name': 'a', 'colour': 1}}, token), 'colour')
    expect(400, ask('POST', 'network', '/v2.0/networks', {'network': {'name': 'a', 'colour': 1}}, token), 'colour')
    expect(400, ask('POST', 'placement', '/resource_providers', {'name': 'a', 'colour': 1}, token), 'colour')


def drains():
    """A request under way is answered when the program is told to stop; then it ends."""
    token = admin()
    pid = owner(STATE)
    image = json.loads(ask('POST', 'image', '/v2/images', {
        'name': 'slow', 'disk_format': 'raw', 'container_format': 'bare'}, token)[2])
    with socket.create_connection(('127.0.0.1', PORTS['image'] + OFFSET), timeout=30) as upload:
        upload.sendall(('PUT /v2/images/%s/file HTTP/1.1\r\nHost: a\r\nX-Auth-Token: %s\r\nContent-Length: 1000\r\n'
                        'Content-Type: application/octet-stream\r\n\r\n' % (image['id'], token)).encode() + b'x' * 500)
        time.sleep(0.5)
        os.kill(pid, signal.SIGTERM)
        time.sleep(0.5)
        check('java' in command_of(pid), 'it waits for the upload')
        upload.sendall(b'x' * 500)
        answer = upload.recv(100).decode()
        check(answer.startswith('HTTP/1.1 204'), 'the upload is answered: ' + answer)
    end = time.time() + 30
    while owner(STATE) is not None and time.time() < end:
        time.sleep(0.1)
    check(owner(STATE) is None, 'then it ends')
    check('not running' in nacre('down', '--state', STATE), 'down when nothing runs')
    up(STATE, '--detach')
    shown = json.loads(ask('GET', 'image', '/v2/images/' + image['id'], token=admin())[2])
    check((shown['status'], shown['size']) == ('active', 1000), 'what was uploaded is there: %s' % shown)


def broken_off():
    """An upload that breaks off leaves the image queued and nothing on disk."""
    token = admin()
    image = json.loads(ask('POST', 'image', '/v2/images', {
        'name': 'broken', 'disk_format': 'raw', 'container_format': 'bare'}, token)[2])
    with socket.create_connection(('127.0.0.1', PORTS['image'] + OFFSET), timeout=30) as upload:
        upload.sendall(('PUT /v2/images/%s/file HTTP/1.1\r\nHost: a\r\nX-Auth-Token: %s\r\nContent-Length: 9000000\r\n'
                        'Content-Type: application/octet-stream\r\n\r\n' % (image['id'], token)).encode()
                       + b'x' * 3_000_000)
        time.sleep(0.5)
    end = time.time() + 30
    while True:
        shown = json.loads(ask('GET', 'image', '/v2/images/' + image['id'], token=token)[2])
        files = [name for _, _, names in os.walk(os.path.join(STATE, 'images')) for name in names
                 if image['id'] in name or name.endswith(('.part', '.tmp', '.new'))]
        if (shown['status'] == 'queued' and not files) or time.time() > end:
            break
        time.sleep(0.2)
    check(shown['status'] == 'queued' and not files, 'queued, nothing left: %s %s' % (shown['status'], files))


def down():
    check('has stopped' in nacre('down', '--state', STATE), 'down')
    check(owner(STATE) is None, 'nothing runs')
    check(not os.path.exists(os.path.join(STATE, 'pid')), 'no pid file stays')


def lost_password():
    """Who has lost the password gets in again with another; not while the cloud runs, which would not notice."""
    with open(os.path.join(STATE, 'secrets', 'admin-password')) as file:
        lost = file.read().strip()
    words = ['keystone', 'bootstrap', '--state', STATE]
    check('OS_BOOTSTRAP_PASSWORD' in nacre(*words, code=1), 'a password is asked for')
    os.environ['OS_BOOTSTRAP_PASSWORD'] = 'found again'
    check('has the role admin' in nacre(*words), 'the command')
    up(STATE, '--detach')
    check('already running' in nacre(*words, code=1), 'refused while it runs')
    expect(401, login('admin', lost, 'admin'))
    expect(201, login('admin', 'found again', 'admin'))
    expect(200, ask('GET', 'identity', '/v3/users', token=admin()))
    nacre('down', '--state', STATE)


passed = failed = 0
try:
    for part in (first_start, mistyped, second_start, needs_a_broker, ports_in_use, two_at_once, tokens, expired,
                 strangers, bad_bodies, broken_off, drains, down, lost_password):
        began = time.time()
        try:
            part()
            passed += 1
            print('ok      %s (%.0f s)' % (part.__name__, time.time() - began), flush=True)
        except Failed as e:
            failed += 1
            print('NOT OK  %s: %s' % (part.__name__, e), flush=True)
        except Exception:
            failed += 1
            print('NOT OK  %s: %s' % (part.__name__, traceback.format_exc()), flush=True)
finally:
    for name in ('first', 'second', 'third'):
        if os.path.exists(os.path.join(SCRATCH, name)):
            subprocess.run([NACRE, 'down', '--state', os.path.join(SCRATCH, name)], stdout=subprocess.DEVNULL)
    shutil.rmtree(SCRATCH)
print('%d passed, %d failed' % (passed, failed))
sys.exit(1 if failed else 0)
