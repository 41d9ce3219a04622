"""A cloud as its users see it: servers come and go, and what it says is compared with what it keeps."""
import threading
import time

from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3

import whole

LIMIT = 30
# What a client sees of a server that dies; everything else that goes wrong is a fault of Nacre's.
GONE = (exceptions.ConnectFailure, exceptions.ConnectTimeout, exceptions.UnknownConnectionError)


class Cloud:
    """A Nacre of the test's own, with what its servers need.

    Whoever knows where it runs adds `select`, which asks its database, and `hosts`, the list of its whole.Host.

    url: of each service; real: whether its guests and networks are.
    """

    def __init__(self, url, real):
        self.url, self.real = url, real
        self.session = self.project = self.image = self.flavor = self.network = None
        self.accepted, self.gone = set(), set()
        self.complaints = []

    def login(self, openrc):
        rc = dict(line[len('export '):].strip().split('=', 1) for line in open(openrc))
        self.session = session.Session(auth=v3.Password(
            auth_url=rc['OS_AUTH_URL'], username=rc['OS_USERNAME'], password=rc['OS_PASSWORD'],
            project_name=rc['OS_PROJECT_NAME'], user_domain_name='Default', project_domain_name='Default'))
        self.project = self.session.get_project_id()

    def prepare(self, image):
        """Makes what servers are made of."""
        self.image = self.post('image', '/v2/images', {
            'name': 'crash', 'disk_format': 'qcow2', 'container_format': 'bare'})['id']
        with open(image, 'rb') as data:
            self.session.put(self.url['image'] + '/v2/images/%s/file' % self.image, data=data,
                             headers={'Content-Type': 'application/octet-stream'})
        self.flavor = self.post('compute', '/v2.1/flavors', {'flavor': dict(
            name='crash', ram=whole.RAM, vcpus=whole.VCPUS, disk=whole.DISK)})['flavor']['id']
        self.network = self.post('network', '/v2.0/networks', {'network': {'name': 'crash'}})['network']['id']
        self.post('network', '/v2.0/subnets', {'subnet': {
            'network_id': self.network, 'ip_version': 4, 'cidr': '10.9.0.0/22'}})
        self.session.put(self.url['compute'] + '/v2.1/os-quota-sets/' + self.project, json={'quota_set': {
            'instances': -1, 'cores': -1, 'ram': -1, 'force': True}})
        self.session.put(self.url['network'] + '/v2.0/quotas/' + self.project, json={'quota': {'port': -1}})

    def get(self, service, path, key=None):
        answer = self.session.get(self.url[service] + path, headers={'OpenStack-API-Version': 'placement 1.38'}).json()
        return answer[key] if key else answer

    def post(self, service, path, body):
        return self.session.post(self.url[service] + path, json=body).json()

    def servers(self):
        return self.get('compute', '/v2.1/servers/detail?all_tenants=1', 'servers')

    def create(self, name, delete_after):
        made = self.post('compute', '/v2.1/servers', {'server': {
            'name': name, 'imageRef': self.image, 'flavorRef': self.flavor,
            'networks': [{'uuid': self.network}]}})['server']['id']
        self.accepted.add(made)
        if delete_after is not None:
            time.sleep(delete_after)
            self.delete(made)

    def delete(self, server):
        # It may be carried out although the answer never comes.
        self.accepted.discard(server)
        self.session.delete(self.url['compute'] + '/v2.1/servers/' + server)
        self.gone.add(server)

    def attempt(self, work, *words):
        try:
            work(*words)
        except GONE:
            pass
        except exceptions.HttpError as e:
            self.complaints.append('%s %s: %s' % (work.__name__, words, e))

    def storm(self, name, dice, creates):
        """All servers that are there go, others come, some of these only to go at once."""
        work = [(self.delete, server['id']) for server in self.servers()]
        work += [(self.create, '%s-%d' % (name, i), dice.uniform(0, 0.5) if dice.random() < 0.3 else None)
                 for i in range(creates)]
        dice.shuffle(work)
        threads = [threading.Thread(target=self.attempt, args=words) for words in work]
        for thread in threads:
            thread.start()
        return threads

    def settle(self):
        """What is still wrong when the time is up; nothing when all was well before."""
        end = time.time() + LIMIT
        while True:
            try:
                wrong = whole.faults(self)
            except exceptions.ClientException as e:
                wrong = ['asking failed: %s' % e]
            if not wrong or time.time() > end:
                return wrong + self.complaints
            time.sleep(0.2)
