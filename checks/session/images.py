#!/usr/bin/python3
"""The commands of the image service that the installed clients have (openstack and glance), each answer checked.

usage: images.py [--only PART]
Reads the OS_* variables of an administrator. Prints a line for each part and ends with `N passed, N failed`, where N
counts checks; exits 1 when one failed.
"""
import argparse
import hashlib
import http.server
import json
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import threading

from keystoneauth1 import session
from keystoneauth1.identity import v3

import client
import parts
from parts import check, wait

WEB = os.environ['NACRE_WEB']
DATA = b'not much of an image\n' * 50
TERMINAL = pty.openpty()[1]


def do(line, **more):
    return client.openstack(*shlex.split(line), **more)


def see(line, **expected):
    shown = client.show(*shlex.split(line))
    for field, value in expected.items():
        check(shown.get(field) == value, '%s: %s is not %r in %s' % (line, field, value, shown))
    return shown


def glance(line, *words, ok=True):
    """Runs a command of the older client; what it says. Words are passed as they are."""
    line = shlex.split(line)
    client.ran.add('glance ' + line[0])
    done = subprocess.run(['glance', *line, *words], stdin=TERMINAL, capture_output=True, timeout=client.LIMIT)
    text = done.stdout.decode() + done.stderr.decode()
    check((done.returncode == 0) == ok, 'glance %s: %s' % (' '.join(line), text[-400:]))
    return text


def says(line, *expected, missing=()):
    text = re.sub(r' *\|\n\| +\| *', '', glance(line))  # what is too long for its column goes on in the next line
    check(all(word in text for word in expected) and not any(word in text for word in missing),
          'glance %s: %s' % (line, text[-600:]))
    return text


def data():
    path = os.path.join(SCRATCH, 'data')
    with open(path, 'wb') as made:
        made.write(DATA)
    return path


def fresh(name):
    """The id of a new image without data. Without a terminal the clients would upload what they read."""
    text = says('image-create --name %s --disk-format raw --container-format bare' % name, 'queued')
    return re.search(r'\| id +\| ([0-9a-f-]{36}) ', text).group(1)


def images():
    do('image create one --file %s --disk-format raw --container-format bare --property color=red --tag t' % data())
    made = see('image show one', name='one', status='active', size=len(DATA))
    one = made['id']
    listed = client.names(*shlex.split('image list --property color=red --tag t'))
    check(listed == ['one'], 'image list: %s' % listed)
    do('image set one --name uno --min-disk 1 --min-ram 64 --property shape=round --tag u --protected --hidden')
    shown = see('image show uno', id=one, min_disk=1, min_ram=64, protected=True)
    check(sorted(shown['tags']) == ['t', 'u'] and shown['properties']['shape'] == 'round'
          and shown['properties']['os_hidden'], 'image set: %s' % shown)
    do('image unset uno --tag t --property shape')
    shown = see('image show uno', tags=['u'])
    check('shape' not in shown['properties'], 'image unset: %s' % shown)
    do('image delete uno', ok=False)
    do('image set uno --unprotected --unhidden --deactivate')
    see('image show uno', status='deactivated')
    do('image set uno --activate')
    saved = os.path.join(SCRATCH, 'saved')
    do('image save uno --file ' + saved)
    with open(saved, 'rb') as got:
        check(got.read() == DATA, 'image save')
    do('image delete uno')
    check('one' not in client.names('image', 'list') and 'uno' not in client.names('image', 'list'), 'image delete')


def members():
    project = see('project create guests')['id']
    image = fresh('lent')
    do('image set lent --shared')
    do('image add project lent guests')
    rows = client.show('image', 'member', 'list', 'lent')
    check([(row['Member ID'], row['Status']) for row in rows] == [(project, 'pending')], 'member list: %s' % rows)
    says('member-update %s %s accepted' % (image, project), 'accepted')
    says('member-get %s %s' % (image, project), 'accepted')
    says('member-list --image-id ' + image, project)
    do('image remove project lent guests')
    says('member-create %s %s' % (image, project), 'pending')
    glance('member-delete %s %s' % (image, project))
    do('image delete lent')
    do('project delete guests')


def data_and_imports():
    image = fresh('two')
    glance('image-upload --file %s %s' % (data(), image))
    says('image-show ' + image, 'active')
    saved = os.path.join(SCRATCH, 'downloaded')
    glance('image-download --file %s %s' % (saved, image))
    with open(saved, 'rb') as got:
        check(got.read() == DATA, 'image-download')
    glance('image-deactivate ' + image)
    glance('image-reactivate ' + image)
    glance('image-tag-update %s fine' % image)
    glance('image-tag-delete %s fine' % image)
    says('image-update %s --property a=b' % image, 'a ')
    says('image-list', image)
    glance('image-delete ' + image)
    staged = fresh('three')
    glance('image-stage --file %s %s' % (data(), staged))
    says('image-import --import-method glance-direct ' + staged, 'importing')
    wait('the import', lambda: 'active' in glance('image-show ' + staged))
    says('image-tasks ' + staged, 'success')
    tasks = says('task-list', 'api_image_import')
    task = [word for word in tasks.split() if len(word) == 36 and word.count('-') == 4][0]
    says('task-show ' + task, 'api_image_import')
    fresh('four')
    glance('image-create-via-import --name five --disk-format raw --container-format bare --import-method'
           ' glance-direct --file ' + data())
    for name in ('three', 'four', 'five'):
        wait(name, lambda: client.show('image', 'show', name)['status'] in ('active', 'queued'))
        do('image delete ' + name)


def serve():
    """Serves the data on the web, as long as this runs."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200)
            self.send_header('Content-Length', str(len(DATA)))
            self.end_headers()

        def do_GET(self):
            self.do_HEAD()
            self.wfile.write(DATA)

        def log_message(self, *words):
            pass
    host, port = WEB.split(':')
    threading.Thread(target=http.server.ThreadingHTTPServer((host, int(port)), Handler).serve_forever, daemon=True).start()


def places():
    image = fresh('placed')
    first, second = ('http://%s/%s' % (WEB, name) for name in ('first', 'second'))
    says('location-add --url %s %s' % (first, image), first)
    see('image show placed', status='active', size=len(DATA))
    says('location-add --url %s %s' % (second, image), first, second)
    glance('location-update --url %s %s --metadata' % (second, image), '{"said": "later"}')
    says('image-show ' + image, 'later')
    glance('location-delete --url %s %s' % (first, image))
    says('image-show ' + image, second, missing=(first,))
    do('image delete placed')


def located():
    """The location API (v2.17), for which the clients have no commands."""
    def ask(method, **more):
        auth = v3.Password(auth_url=os.environ['OS_AUTH_URL'], username=os.environ['OS_USERNAME'],
                           password=os.environ['OS_PASSWORD'], project_name=os.environ['OS_PROJECT_NAME'],
                           user_domain_name='Default', project_domain_name='Default')
        return session.Session(auth=auth).request('/v2/images/%s/locations' % image, method, raise_exc=False,
                                                  endpoint_filter={'service_type': 'image'}, **more)
    image, url = fresh('located'), 'http://%s/located' % WEB
    wrong = {'os_hash_algo': 'sha256', 'os_hash_value': '0' * 64}
    check(ask('POST', json={'url': url, 'validation_data': wrong}).status_code == 202, 'a location with a wrong hash')
    wait('the location to be given up', lambda: client.show('image', 'show', image)['status'] == 'queued')
    check(ask('POST', json={'url': url}).status_code == 202, 'a location')
    wait('the hash', lambda: client.show('image', 'show', image)['status'] == 'active')
    shown = see('image show located', size=len(DATA))
    check(shown['properties']['os_hash_value'] == hashlib.sha512(DATA).hexdigest(), 'os_hash_value: %s' % shown)
    check(ask('GET').status_code == 403, 'locations are told to services only')
    do('role add --user %(OS_USERNAME)s --project %(OS_PROJECT_NAME)s service' % os.environ)
    check(ask('GET').json() == [{'url': url, 'metadata': {'store': 'web'}}], 'locations for a service')
    do('role remove --user %(OS_USERNAME)s --project %(OS_PROJECT_NAME)s service' % os.environ)
    do('image delete located')


def stores():
    image = fresh('twice')
    glance('image-upload --file %s %s' % (data(), image))
    glance('image-import --import-method copy-image --stores more ' + image)
    wait('the copy', lambda: 'file,more' in glance('image-show ' + image))
    glance('stores-delete --store more ' + image)
    says('image-show ' + image, missing=('file,more',))
    do('image delete twice')


def cache():
    image = fresh('near')
    glance('image-upload --file %s %s' % (data(), image))
    for ending in ('cache-delete ' + image, 'cache-clear --target both'):
        glance('cache-queue ' + image)
        wait('the cache', lambda: 'cached' in glance('cache-list'))
        glance(ending)
        says('cache-list', missing=(image,))
    do('image delete near')


def tasks():
    wanted = {'import_from': 'http://%s/data' % WEB, 'import_from_format': 'raw',
              'image_properties': {'name': 'brought', 'disk_format': 'raw', 'container_format': 'bare'}}
    text = glance('task-create --type import --input', json.dumps(wanted))
    check('import' in text, 'task-create: %s' % text[-400:])
    wait('the task', lambda: 'brought' in client.names('image', 'list', '--status', 'active'))
    do('image delete brought')


def every_command():
    """No command of the older client is left out."""
    done = subprocess.run(['glance', 'help'], capture_output=True, timeout=client.LIMIT)
    known = set(re.findall(r'^    ([a-z][a-z-]+)', done.stdout.decode(), re.MULTILINE)) - {'help', 'bash-completion'}
    left = sorted(name for name in known if 'glance ' + name not in client.ran)
    check(len(known) > 60 and not left, 'not tried: %s' % left)


def discovery():
    says('import-info', 'web-download', 'copy-image')
    says('stores-info', 'file')
    says('stores-info --detail', 'weight')
    glance('usage')
    says('explain image', 'disk_format')


def metadefs():
    says('md-namespace-list --page-size 50', 'OS::Compute::Hypervisor')
    says('md-resource-type-list', 'OS::Glance::Image')
    says('md-namespace-create ours --display-name Ours', 'ours')
    says('md-namespace-update ours --visibility public', 'public')
    says('md-namespace-show ours', 'public')
    says('md-resource-type-associate ours --name OS::Nova::Server --prefix p_', 'OS::Nova::Server')
    says('md-namespace-resource-type-list ours', 'p_')
    glance('md-property-create ours --name speed --title Speed --schema', '{"type": "integer", "minimum": 1}')
    says('md-property-list ours', 'speed')
    says('md-property-show ours speed', 'integer')
    glance('md-property-update ours speed --name pace --title Pace --schema', '{"type": "integer"}')
    glance('md-object-create ours --name car --schema',
           '{"properties": {"wheels": {"title": "Wheels", "type": "integer"}}}')
    says('md-object-list ours', 'car')
    says('md-object-show ours car', 'wheels')
    says('md-object-property-show ours car wheels', 'Wheels')
    glance('md-object-update ours car --name van')
    glance('md-tag-create ours --name red')
    glance('md-tag-create-multiple ours --names blue,green --delim ,')
    says('md-tag-list ours', 'blue', 'green')
    says('md-tag-show ours blue', 'blue')
    glance('md-tag-update ours blue --name azure')
    glance('md-tag-delete ours azure')
    glance('md-property-delete ours pace')
    glance('md-object-delete ours van')
    glance('md-resource-type-deassociate ours OS::Nova::Server')
    for kind in ('properties', 'objects', 'tags'):
        glance('md-namespace-%s-delete ours' % kind)
    glance('md-namespace-delete ours')
    path = os.path.join(SCRATCH, 'namespace.json')
    with open(path, 'w') as made:
        json.dump({'namespace': 'brought', 'tags': [{'name': 'one'}]}, made)
    says('md-namespace-import --file ' + path, 'brought')
    glance('md-namespace-delete brought')


parser = argparse.ArgumentParser()
parser.add_argument('--only')
WAVES = ((images, members, data_and_imports, places, stores, cache, tasks, discovery, metadefs),
         (located, every_command))
with tempfile.TemporaryDirectory() as SCRATCH:
    serve()
    sys.exit(parts.run(WAVES, parser.parse_args().only))
