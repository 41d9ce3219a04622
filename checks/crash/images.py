#!/usr/bin/python3
"""Kills Nacre again and again while images get their data and lose it, and looks for what is stuck or left over.

usage: images.py NACRE STATE OFFSET [--kills 15] [--seed N]
Each round starts uploads, staging, imports with conversion, imports of locations, downloads, copies to another store and
deletes, kills the program with SIGKILL at a random moment, starts it again and demands that before long no image waits
for anybody, each active one gives its data back, no file belongs to nobody, and every project's usage is what its images
have. Before the first kill it plants leaks and demands that they are noticed. Prints a line a round and ends with
`N passed, N failed`.
"""
import argparse
import collections
import contextlib
import hashlib
import http.server
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid

from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3

LIMIT = 60
PLACES = {'file': 'images/one', 'two': 'images/two', 'os_glance_staging_store': 'images/staging'}
GONE = (exceptions.ConnectFailure, exceptions.ConnectTimeout, exceptions.UnknownConnectionError)
OCTETS = {'Content-Type': 'application/octet-stream'}
WORK = ('upload', 'stage', 'import', 'locate', 'copy', 'delete')


class Site:
    """A Nacre with two stores, that makes raw disks of what is imported."""

    def __init__(self, nacre, state, offset):
        self.nacre, self.state, self.offset = nacre, os.path.abspath(state), offset
        self.url = 'http://127.0.0.1:%d' % (9292 + offset)
        self.web = '127.0.0.1:%d' % (80 + offset)
        self.complaints, self.data = [], {}
        os.makedirs(self.state)
        with open(self.state + '/nacre.toml', 'w') as file:
            file.write('''
[glance]
upload_lease = "4s"
default_store = "file"
[glance.store.file]
driver = "file"
folder = "%(state)s/images/one"
[glance.store.two]
driver = "file"
folder = "%(state)s/images/two"
[glance.store.web]
driver = "http"
allow = ["%(web)s"]
[glance.imports]
plugins = ["image_conversion"]
''' % {'state': self.state, 'web': self.web})

    def up(self):
        began = time.time()
        subprocess.run([self.nacre, 'up', '--detach', '--state', self.state, '--port-offset', str(self.offset),
                        '-o', 'compute.driver=fake', '-o', 'network.driver=fake'], check=True, stdout=subprocess.DEVNULL)
        return time.time() - began

    def kill(self):
        pid = int(open(self.state + '/pid').read())
        os.kill(pid, signal.SIGKILL)
        while os.path.exists('/proc/%d' % pid) and open('/proc/%d/stat' % pid).read().split(') ')[1][0] != 'Z':
            time.sleep(0.01)

    def login(self):
        rc = dict(line[len('export '):].strip().split('=', 1) for line in open(self.state + '/openrc'))
        self.session = session.Session(auth=v3.Password(
            auth_url=rc['OS_AUTH_URL'], username=rc['OS_USERNAME'], password=rc['OS_PASSWORD'],
            project_name=rc['OS_PROJECT_NAME'], user_domain_name='Default', project_domain_name='Default'))
        self.project = self.session.get_project_id()

    def select(self, columns, rest):
        with contextlib.closing(sqlite3.connect('file:%s/nacre.db?mode=ro' % self.state, uri=True)) as database:
            return database.execute('select %s from %s' % (columns, rest)).fetchall()

    def images(self):
        return self.session.get(self.url + '/v2/images?limit=1000').json()['images']

    def create(self, disk_format='raw'):
        return self.session.post(self.url + '/v2/images', json={
            'disk_format': disk_format, 'container_format': 'bare'}).json()['id']

    def put(self, image, way, data):
        self.session.put('%s/v2/images/%s/%s' % (self.url, image, way), data=data, headers=OCTETS)

    def upload(self, dice):
        image, data = self.create(), dice.randbytes(dice.randrange(1, 8 << 20))
        self.data[image] = data
        self.put(image, 'file', data)
        return image

    def stage(self, dice):
        image = self.create('qcow2')
        self.data[image] = self.disk
        self.put(image, 'stage', self.qcow2)
        return image

    def locate(self, dice):
        image, data = self.create(), dice.randbytes(dice.randrange(1, 8 << 20))
        self.data[image] = data
        self.session.post('%s/v2/images/%s/locations' % (self.url, image), json={
            'url': 'http://%s/%s' % (self.web, image)})

    def serve(self):
        """Serves data that is not Nacre's, as long as this runs."""
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self):
                self.send_response(200)
                self.send_header('Content-Length', str(len(site.data[self.path[1:]])))
                self.end_headers()

            def do_GET(self):
                self.do_HEAD()
                with contextlib.suppress(OSError):
                    self.wfile.write(site.data[self.path[1:]])

            def log_message(self, *words):
                pass
        host, port = self.web.split(':')
        server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def begin(self, image, method, **more):
        self.session.post('%s/v2/images/%s/import' % (self.url, image), json={'method': {'name': method}, **more})

    def work(self, kind, dice, active):
        if kind == 'upload':
            self.upload(dice)
        elif kind == 'stage':
            self.stage(dice)
        elif kind == 'import':
            self.begin(self.stage(dice), 'glance-direct', all_stores=dice.random() < 0.5)
        elif kind == 'locate':
            self.locate(dice)
        elif kind == 'copy' and active:
            self.begin(active.pop(), 'copy-image', all_stores=True)
        elif kind == 'delete' and active:
            self.session.delete('%s/v2/images/%s' % (self.url, active.pop()))

    def attempt(self, *words):
        try:
            self.work(*words)
        except GONE:
            pass
        except exceptions.HttpError as e:
            self.complaints.append('%s: %s' % (words[0], e))

    def storm(self, dice):
        active = [image['id'] for image in self.images() if image['status'] == 'active']
        dice.shuffle(active)
        threads = [threading.Thread(target=self.attempt, args=(kind, random.Random(dice.random()), active))
                   for kind in WORK * 3]
        for thread in threads:
            thread.start()
        return threads

    def prepare(self):
        """A disk, and an image of it that has to be converted."""
        self.disk = random.Random(1).randbytes(6 << 20)
        with open(self.state + '/disk', 'wb') as file:
            file.write(self.disk)
        subprocess.run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', self.state + '/disk', self.state + '/qcow2'],
                       check=True)
        self.qcow2 = open(self.state + '/qcow2', 'rb').read()

    def faults(self):
        """What is not as it should be, in words; empty when all is well."""
        images = self.images()
        wrong = ['image %s is %s' % (image['id'], image['status']) for image in images
                 if image['status'] not in ('active', 'queued', 'uploading')]
        wrong += ['image %s has a task' % image['id'] for image in images if image.get('os_glance_import_task')]
        wrong += ['task %s %s is at %s' % row for row in self.select(
            'saga, resource, step', "nacre_task where status in ('RUNNING', 'UNDOING')")]
        wrong += ['task %s of image %s is %s' % row for row in self.select(
            'id, image_id, status', "glance_task where status in ('PENDING', 'PROCESSING')")]
        known = collections.defaultdict(set)
        for key, image, store, status in self.select('data_key, image_id, store, status', 'glance_location'):
            known[store].add(key)
            if status not in ('ACTIVE', 'STAGED'):
                wrong.append('data %s of image %s is %s' % (key, image, status))
        for store, place in PLACES.items():
            folder = self.state + '/' + place
            found = {name for name in os.listdir(folder) if os.path.isfile(folder + '/' + name)}
            wrong += ['file %s in %s belongs to nobody' % (name, store) for name in sorted(found - known[store])]
            wrong += ['file %s in %s is missing' % (name, store) for name in sorted(known[store] - found)]
        staged = {image for image, in self.select('image_id', "glance_location where status = 'STAGED'")}
        wrong += ['image %s is uploading without data' % image['id'] for image in images
                  if image['status'] == 'uploading' and image['id'] not in staged]
        wrong += self.quota(images)
        return wrong + qemu(self.state)

    def quota(self, images):
        used = dict(self.select('resource, used', "nacre_quota_usage where service = 'glance' and project = '%s'"
                                % self.project))
        expected = {'image_count_total': len(images),
                    'image_size_total': sum(image['size'] for image in images if image['status'] == 'active')}
        return ['quota %s is %s instead of %s' % (name, used.get(name, 0), value)
                for name, value in expected.items() if used.get(name, 0) != value]

    def damaged(self):
        """Each store of ours has all of it, and it is what was sent or served."""
        wrong = []
        for image in self.images():
            if image['status'] != 'active':
                continue
            sent = hashlib.sha512(self.data[image['id']]).hexdigest()
            if image['os_hash_value'] != sent:
                wrong.append('image %s is damaged' % image['id'])
            for key, store in self.select('data_key, store', "glance_location where image_id = '%s'" % image['id']):
                if store not in PLACES:
                    continue
                with open('%s/%s/%s' % (self.state, PLACES[store], key), 'rb') as file:
                    if hashlib.sha512(file.read()).hexdigest() != sent:
                        wrong.append('image %s is damaged in %s' % (image['id'], store))
        return wrong

    def settle(self):
        end = time.time() + LIMIT
        while True:
            try:
                wrong = self.faults()
            except exceptions.ClientException as e:
                wrong = ['asking failed: %s' % e]
            if not wrong or time.time() > end:
                return wrong + self.complaints + ([] if wrong else self.damaged())
            time.sleep(0.3)


def qemu(state):
    """Conversions that nobody waits for."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            words = open('/proc/%s/cmdline' % pid).read()
            if 'confine' in words and state in words:
                found.append('a conversion still runs')
    return found


def plant(site):
    """Answers each kind of leak with whether the check named it."""
    stray = site.state + '/images/two/' + str(uuid.uuid4())
    open(stray, 'w').close()
    yield 'file', any(os.path.basename(stray) in one for one in site.faults())
    os.remove(stray)
    for name, change, back in (
            ('quota', 'update nacre_quota_usage set used = used + 1 where service = ?',
             'update nacre_quota_usage set used = used - 1 where service = ?'),):
        for statement in (change, back):
            with contextlib.closing(sqlite3.connect(site.state + '/nacre.db', timeout=10)) as database, database:
                database.execute(statement, ('glance',))
            if statement is change:
                noticed = any('quota' in one for one in site.faults())
        yield name, noticed


def report(ok, text):
    print('%-7s %s' % ('ok' if ok else 'NOT OK', text), flush=True)
    return ok


def rounds(site, dice, kills):
    site.up()
    site.login()
    site.prepare()
    site.serve()
    began = time.time()
    for thread in site.storm(dice):
        thread.join()
    wrong = site.settle()
    length = time.time() - began
    good = [report(not wrong, 'images: without a kill, %.1f s; %s' % (length, '; '.join(wrong[:8]) or 'all well'))]
    good += [report(noticed, 'images: a planted %s is noticed' % name) for name, noticed in plant(site)]
    for number in range(1, kills + 1):
        site.complaints.clear()
        threads = site.storm(dice)
        moment = dice.uniform(0, length)
        time.sleep(moment)
        site.kill()
        for thread in threads:
            thread.join()
        took = site.up()
        began = time.time()
        wrong = site.settle()
        good.append(report(not wrong, 'images: kill %d at %.2f s, up in %.1f s, %s' % (
            number, moment, took,
            '; '.join(wrong[:8]) if wrong else 'all well %.1f s later' % (time.time() - began))))
    for image in site.images():
        site.session.delete('%s/v2/images/%s' % (site.url, image['id']))
    wrong = site.settle()
    left = sum(len(files) for _, _, files in os.walk(site.state + '/images'))
    good.append(report(not wrong and not left, 'images: nothing is left in the end %s' % '; '.join(wrong[:8])))
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('nacre')
    parser.add_argument('state')
    parser.add_argument('offset', type=int)
    parser.add_argument('--kills', type=int, default=15)
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    dice = random.Random(options.seed)
    print('seed %d' % options.seed, flush=True)
    site = Site(options.nacre, options.state + '/images', options.offset)
    good = rounds(site, dice, options.kills)
    subprocess.run([options.nacre, 'down', '--state', site.state], check=True, stdout=subprocess.DEVNULL)
    print('%d passed, %d failed' % (good.count(True), good.count(False)))
    sys.exit(0 if all(good) else 1)


main()
