"""Sends the same requests to two clouds, tells them apart.

    beside.py ORIGINAL NACRE [--all] [TOPIC...]

Each cloud is IDENTITY,IMAGE,PASSWORD: two URLs, and what admin logs in with. A topic is a file of cases in cases/, of the
identity service when it is named identity-..., else of the image service; without any, all of them. A case is a line, WHO
METHOD PATH BODY, and below it, indented:

    Name: value         a header; without a value, the one that would be sent is not
    > name = a.b.0      remembers a part of the answer (@Name: a header), which the cases below call $name; as WHO it is a token
    ~ status active     sends it again until the answer has this value, for a while

SLEEP instead of a method waits for as many seconds as the path says.

$(a*256) stands for as many letters, $run for a word of this run, $tags and $properties for as many as an image may have. Line breaks are \\n in a body that is no JSON. Differences
are accepted when accepted.txt says why; --all shows these, too.
"""
import difflib
import glob
import http.client
import json
import os
import re
import sys
import time
import urllib.parse
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
PATCH = 'application/openstack-images-v2.1-json-patch'
# What says nothing of the service, and what differs with each answer.
UNREAD = {'date', 'server', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'}
MORE = ('accept-ranges: ', 'x-openstack-request-id: req-')
UNORDERED = {'tags', 'members', 'required'}
UUID = re.compile(r'\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b')
# The original's jsonschema quotes the schema at length, with descriptions that are its own.
QUOTED = re.compile(r'Failed validating .*?\n\nOn ', re.S)
TIME = re.compile(r'\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?')
PLENTY = {
    'tags': ', '.join('"t%d"' % i for i in range(128)),
    'properties': ', '.join('"p%d": "x"' % i for i in range(128)),
}
FAILED = re.compile(r'\\n\\nFailed validating .*?(?="[,\n]|"$)', re.S)
HEX = re.compile(r'\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b')
TOKEN = re.compile(r'\bgAAAA[\w=-]{20,}')
SECRET = re.compile(r'(?<="secret": ")[\w-]{86}(?=")')
LINK = re.compile(r'"http://IDENTITY[^"]*"')
PATIENCE = 20


class Case:
    def __init__(self, topic, line, text):
        self.topic, self.line, self.text = topic, line, text
        self.who, self.method, self.path, self.body = (text.split(None, 3) + [None])[:4]
        self.headers, self.kept, self.until = {}, {}, None

    def add(self, line):
        if line.startswith('> '):
            name, place = line[2:].split(' = ')
            self.kept[name] = place
        elif line.startswith('~ '):
            self.until = line[2:].split()
        else:
            name, value = line.split(':', 1)
            self.headers[name] = value.strip()

    @property
    def identity(self):
        return self.topic.startswith('identity-')

    @property
    def key(self):
        said = ['%s: %s' % (name, value) for name, value in self.headers.items()]
        return ' '.join(['%s: %s' % (self.topic, self.text), *said]).strip()


def cases(topic):
    found = []
    with open(os.path.join(HERE, 'cases', topic)) as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip('\n')
            if not line.strip() or line.startswith('#'):
                continue
            if line[0] == ' ':
                found[-1].add(line.strip())
            else:
                found.append(Case(topic, number, line))
    return found


def accepted():
    """Reasons by what they accept."""
    reasons, reason, cases = {}, [], 0
    with open(os.path.join(HERE, 'accepted.txt')) as lines:
        for line in lines:
            if not line.strip() or line.startswith('#'):
                continue
            if line[0] == ' ':
                reasons[line.strip()] = ' '.join(reason)
                cases += 1
            else:
                reason, cases = (reason if not cases else []) + [line.strip()], 0
    return reasons


class Answer:
    def __init__(self, response):
        self.status, self.data = response.status, response.read()
        self.headers = [(name.lower(), value) for name, value in response.getheaders()]
        try:
            self.json = json.loads(self.data)
        except ValueError:
            self.json = None

    def part(self, place):
        value = self.json
        try:
            for step in place.split('.'):
                value = value[int(step) if isinstance(value, list) else step]
        except (LookupError, TypeError, ValueError):
            return None
        return value


class Side:
    """One cloud, its users, and what was remembered of its answers."""

    def __init__(self, words, run):
        self.identity, self.image, self.password = words.split(',')
        self.run, self.names, self.tokens = run, {}, {'bad': 'gAAAAAno-such-token', 'empty': ''}
        self.lasting = {'run': run, 'password': self.password}
        self.login('admin', 'admin', 'admin', self.password)
        self.project('home', member='member', reader='reader')
        self.project('away', other='member', stranger='reader')

    def send(self, url, method, path, headers, body):
        where = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
        try:
            # A sender of its own: what http.client adds by itself is a part of the case here.
            connection.putrequest(method, urllib.parse.quote(path, safe="%/:=&?~#+!$,;'@()*[]|\"<>{}\\^`"), skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value.encode())
            chunked = 'Transfer-Encoding' in headers
            if not chunked and 'Content-Length' not in headers and (body or method in ('POST', 'PUT', 'PATCH')):
                connection.putheader('Content-Length', str(len(body)))
            connection.endheaders(body or None, encode_chunked=chunked)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def ask(self, method, path, body=None):
        answer = self.send(self.identity, method, '/v3' + path, {
            'X-Auth-Token': self.tokens.get('admin', ''), 'Content-Type': 'application/json'}, json.dumps(body).encode() if body else b'')
        if answer.status >= 300:
            raise SystemExit('%s %s: %d %s' % (method, path, answer.status, answer.data))
        return answer

    def login(self, who, user, project, password):
        answer = self.ask('POST', '/auth/tokens', {'auth': {
            'identity': {'methods': ['password'], 'password': {
                'user': {'name': user, 'domain': {'id': 'default'}, 'password': password}}},
            'scope': {'project': {'name': project, 'domain': {'id': 'default'}}}}})
        self.tokens[who] = self.lasting[who + '_token'] = dict(answer.headers)['x-subject-token']
        self.lasting[who + '_project'] = answer.json['token']['project']['id']
        self.lasting[who + '_user'] = answer.json['token']['user']['id']

    def project(self, name, **roles):
        name = '%s-%s' % (self.run, name)
        project = self.ask('POST', '/projects', {'project': {'name': name}}).json['project']['id']
        for who, role in roles.items():
            user = self.ask('POST', '/users', {'user': {'name': self.run + who, 'password': 'secret'}}).json['user']['id']
            role = self.ask('GET', '/roles?name=' + role).json['roles'][0]['id']
            self.ask('PUT', '/projects/%s/users/%s/roles/%s' % (project, user, role))
            self.login(who, self.run + who, name, 'secret')

    def fill(self, text):
        text = re.sub(r'\$\((.+?)\*(\d+)\)', lambda m: m[1] * int(m[2]), text)
        known = {**PLENTY, **self.lasting, **self.names}
        return re.sub(r'\$([a-z_0-9]+)', lambda m: str(known.get(m[1], m[0])), text)

    def attempt(self, case):
        try:
            return self.answer(case)
        except (OSError, http.client.HTTPException) as e:
            return [repr(e)]

    def answer(self, case):
        body = self.fill(case.body or '')
        headers = {'Accept': '*/*'}
        if case.who != 'none':
            headers['X-Auth-Token'] = self.tokens.get(case.who) or self.names.get(case.who, 'nothing')
        if body:
            data = case.path.endswith(('/file', '/stage'))
            patch = case.method == 'PATCH' and case.path.startswith('/v2/images')
            headers['Content-Type'] = 'application/octet-stream' if data else PATCH if patch else 'application/json'
        headers.update({name: self.fill(value) for name, value in case.headers.items()})
        headers = {name: value for name, value in headers.items() if value}
        body = body.replace('\\n', '\n').encode() if body[:1] not in '{[' else body.encode()
        end = time.time() + PATIENCE
        while True:
            url = self.identity if case.identity else self.image
            answer = self.send(url, case.method, self.fill(case.path), headers, body)
            if not case.until or time.time() > end or str(answer.part(case.until[0])) in case.until[1:]:
                break
            time.sleep(0.2)
        for name, place in case.kept.items():
            value = dict(answer.headers).get(place[1:].lower()) if place[0] == '@' else answer.part(place)
            if value is not None:
                self.names[name] = value
        return self.plain(case, answer)

    def plain(self, case, answer):
        """An answer as lines, without what differs between any two clouds."""
        lines = ['HTTP %d' % answer.status]
        for name, value in sorted(answer.headers):
            if name == 'x-openstack-request-id':
                value = 'req-...' if value.startswith('req-') else value
            if name == 'allow':
                # Nacre answers HEAD wherever it answers GET, and OPTIONS everywhere.
                value = ', '.join(sorted(set(value.replace(' ', '').split(',')) - {'HEAD', 'OPTIONS'}))
            if name == 'openstack-image-store-ids':
                # From some day on the original tells of its own, too.
                value = ','.join(one for one in value.split(',') if not one.startswith('os_glance_'))
            if name not in UNREAD and not (name == 'content-type' and not answer.data):
                lines.append('%s: %s' % (name, value))
        seen = {}
        known = sorted({**self.lasting, **self.names}.items(), key=lambda item: -len(str(item[1])))
        host = urllib.parse.urlsplit(self.image).netloc
        identity = urllib.parse.urlsplit(self.identity).netloc

        def normal(line):
            for name, value in known:
                if len(str(value)) > 7:
                    line = line.replace(str(value), '$' + name)
            line = line.replace(host, 'HOST').replace(identity + '/v3', 'IDENTITY').replace(identity, 'IDENTITY')
            if case.identity:
                line = SECRET.sub('SECRET', TOKEN.sub('TOKEN', HEX.sub('ID', line)))
                # A query as it was sent, or in its usual form.
                line = LINK.sub(lambda m: urllib.parse.unquote(re.sub('=(?=[&"])', '', m[0])), line)
            line = UUID.sub(lambda m: seen.setdefault(m[0], 'UUID%d' % len(seen)), line)
            return TIME.sub('TIME', line)
        lines = [normal(line) for line in lines]
        if answer.json is not None:
            value = json.loads(normal(json.dumps(answer.json) if case.identity else answer.data.decode()))
            value = sets(value) if case.identity else ordered(value, undescribed='/schemas/' in case.path)
            text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
            return lines + (FAILED.sub('', text) if case.identity else text).split('\n')
        text = QUOTED.sub('On ', answer.data.decode(errors='replace'))
        return lines + [normal(line) for line in text.split('\n')]

    def clean(self):
        """No topic sees what another has made."""
        token = {'X-Auth-Token': self.tokens['admin'], 'Content-Type': PATCH}
        for query in ('', '&os_hidden=true'):
            page = '/v2/images?limit=1000&visibility=all' + query
            for image in self.send(self.image, 'GET', page, token, b'').json['images']:
                path = '/v2/images/' + image['id']
                if image['protected']:
                    self.send(self.image, 'PATCH', path, token, b'[{"op": "replace", "path": "/protected", "value": false}]')
                self.send(self.image, 'DELETE', path, token, b'')
        for space in self.send(self.image, 'GET', '/v2/metadefs/namespaces?limit=1000', token, b'').json['namespaces']:
            if self.run in space['namespace']:
                path = '/v2/metadefs/namespaces/' + space['namespace']
                self.send(self.image, 'PUT', path, {**token, 'Content-Type': 'application/json'}, json.dumps(
                    {'namespace': space['namespace'], 'protected': False}).encode())
                self.send(self.image, 'DELETE', path, token, b'')


def ordered(value, name=None, undescribed=False):
    """JSON with lists that are sets in one order, and schemas without descriptions, which are each one's own."""
    if isinstance(value, dict):
        return {key: ordered(one, key, undescribed) for key, one in value.items()
                if not (undescribed and key == 'description' and isinstance(one, str))}
    if isinstance(value, list):
        value = [ordered(one, None, undescribed) for one in value]
        return sorted(value, key=str) if name in UNORDERED else value
    return value


def sets(value, name=None):
    """What the identity service answers: its lists have no order, its catalogs and random words say nothing."""
    if isinstance(value, dict):
        return {key: sets(one, key) for key, one in value.items()}
    if isinstance(value, list):
        if name == 'catalog':
            value = [one for one in value if '$run' in str(one.get('name'))]
        if name == 'audit_ids':
            return ['AUDIT'] * len(value)
        return sorted((sets(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value


def main(words):
    everything = '--all' in words
    words = [word for word in words if word != '--all']
    run = 'run' + uuid.uuid4().hex[:8]
    sides = [Side(word, run) for word in words[:2]]
    reasons = accepted()
    alike = different = known = 0
    topics = words[2:] or sorted(os.path.basename(name) for name in glob.glob(HERE + '/cases/*'))
    for topic in topics:
        for side in sides:
            side.names = {}
        for case in cases(topic):
            if case.method == 'SLEEP':
                time.sleep(float(case.path))
                continue
            texts = [side.attempt(case) for side in sides]
            # What Nacre tells in addition is for those who look for it.
            texts[1] = [line for line in texts[1] if line in texts[0] or not line.startswith(MORE)]
            reason = next((reasons[key] for key in reasons
                           if key == case.key or (key.endswith('...') and case.key.startswith(key[:-3].rstrip()))), None)
            if texts[0] == texts[1]:
                alike += 1
                if reason:
                    print('%s:%d is accepted, and alike: %s' % (topic, case.line, case.text[:150]))
                continue
            if reason:
                known += 1
            else:
                different += 1
            if everything or not reason:
                print('\n%s:%d %s' % (topic, case.line, case.text[:300]))
                for line in list(difflib.unified_diff(*texts, n=0, lineterm=''))[2:]:
                    if not line.startswith('@@'):
                        print('    ' + line[:400])
        for side in sides if not topic.startswith('identity-') else ():
            side.clean()
    print('\n%d accepted\n%d alike, %d different' % (known, alike, different))
    return different > 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
