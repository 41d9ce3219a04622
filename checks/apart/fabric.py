"""What a cloud of several machines stands on: hosts with a network between them, database, broker, cache, balancer.

Runs in a network namespace of its own, which plays the machine of the controllers and of what they share. Each host
is a further set of namespaces: network, mounts, processes and name; its end takes all of it away.
"""
import os
import signal
import socket
import subprocess
import time

NET = '10.98.0.'
SERVER, ENTRANCE = NET + '1', NET + '10'
PORTS = dict(identity=5000, image=9292, compute=8774, network=9696, placement=8778)
DATABASE, BROKER, CACHE, MAPPER, NODE = 3306, 5672, 11211, 4369, 25672
PASSWORD = 'of-the-test'
LIMIT = 90


def ip(*words):
    subprocess.run(['ip', *words], check=True)


def wait(what, question, limit=LIMIT):
    end = time.time() + limit
    while True:
        answer = question()
        if answer:
            return answer
        if time.time() > end:
            raise TimeoutError('waited %d s for %s' % (limit, what))
        time.sleep(0.1)


def listens(address, port):
    try:
        socket.create_connection((address, port), 1).close()
        return True
    except OSError:
        return False


def network(addresses):
    ip('link', 'set', 'lo', 'up')
    ip('link', 'add', 'fabric', 'type', 'bridge')
    for address in addresses:
        ip('address', 'add', address + '/24', 'dev', 'fabric')
    ip('link', 'set', 'fabric', 'up')


class Daemon:
    """A program of the distribution."""

    def __init__(self, state, name, words, port, environment=None):
        self.log, self.words, self.port = '%s/%s.log' % (state, name), words, port
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.start()

    def start(self):
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(self.words, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log)

    def ready(self):
        wait('%s to listen, see %s' % (self.words[0], self.log),
             lambda: self.process.poll() is not None or listens(SERVER, self.port))
        if self.process.poll() is not None:
            with open(self.log) as log:
                raise ChildProcessError('%s has ended: %s' % (self.words[0], log.read()[-2000:]))

    def ask(self, words):
        """What it answers until it ends the connection."""
        with socket.create_connection((SERVER, self.port), 10) as connection:
            connection.sendall(words)
            return b''.join(iter(lambda: connection.recv(65536), b'')).decode()

    def stop(self):
        self.process.terminate()
        self.process.wait(LIMIT)


def database(state):
    folder = state + '/mariadb'
    os.mkdir(folder)
    subprocess.run(['chown', 'mysql:', folder], check=True)
    user = ['setpriv', '--reuid', 'mysql', '--regid', 'mysql', '--clear-groups']
    with open(state + '/install-db.log', 'wb') as log:
        subprocess.run(user + ['mariadb-install-db', '--no-defaults', '--datadir=' + folder, '--skip-test-db',
                               '--innodb-log-file-size=16M', '--auth-root-authentication-method=normal'],
                       check=True, stdout=log, stderr=log)
    with open(folder + '/init.sql', 'w') as file:
        file.write("create database if not exists nacre character set utf8mb4 collate utf8mb4_bin;\n"
                   "create user if not exists 'nacre'@'%%' identified by '%s';\n"
                   "grant all on *.* to 'nacre'@'%%';\n" % PASSWORD)
    return Daemon(state, 'mariadb', user + [
        '/usr/sbin/mariadbd', '--no-defaults', '--datadir=' + folder, '--socket=%s/socket' % folder,
        '--pid-file=%s/pid' % folder, '--bind-address=' + SERVER, '--port=%d' % DATABASE,
        '--init-file=%s/init.sql' % folder, '--skip-name-resolve', '--skip-log-bin', '--skip-external-locking',
        '--max-connections=300', '--innodb-buffer-pool-size=64M', '--innodb-use-native-aio=0'], DATABASE)


def broker(state):
    folder = state + '/rabbit'
    os.mkdir(folder)
    with open(folder + '/plugins', 'w') as file:
        file.write('[].')
    with open(folder + '/rabbit.conf', 'w') as file:
        file.write('listeners.tcp.default = %s:%d\ndefault_user = nacre\ndefault_pass = %s\nlog.console = true\n'
                   'log.console.level = info\n' % (SERVER, BROKER, PASSWORD))
    environment = dict(
        HOME=folder, ERL_EPMD_PORT=str(MAPPER), ERL_EPMD_ADDRESS='127.0.0.1', RABBITMQ_NODENAME='nacre@localhost',
        RABBITMQ_DIST_PORT=str(NODE), RABBITMQ_MNESIA_BASE=folder + '/mnesia', RABBITMQ_LOG_BASE=folder,
        RABBITMQ_LOGS='-', RABBITMQ_PID_FILE=folder + '/pid', RABBITMQ_FEATURE_FLAGS_FILE=folder + '/flags',
        RABBITMQ_PLUGINS_EXPAND_DIR=folder + '/expanded', RABBITMQ_ENABLED_PLUGINS_FILE=folder + '/plugins',
        RABBITMQ_CONFIG_FILE=folder + '/rabbit.conf', RABBITMQ_CONF_ENV_FILE=folder + '/none',
        # As under systemd: the script becomes the broker instead of starting one that would outlive it.
        NOTIFY_SOCKET=folder + '/none',
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +A 8')
    return Daemon(state, 'rabbit', ['/usr/lib/rabbitmq/bin/rabbitmq-server'], BROKER, environment)


def cache(state):
    return Daemon(state, 'memcached', ['/usr/bin/memcached', '-u', 'nobody', '-l', SERVER, '-p', str(CACHE), '-U', '0',
                                       '-m', '16'], CACHE)


def balancer(state, controllers):
    """Sends request after request to another controller, and none to one that is gone."""
    lines = ['defaults', ' mode http', ' balance roundrobin', ' http-reuse never', ' timeout connect 2s',
             ' timeout client 120s', ' timeout server 120s', ' retries 3', ' option redispatch 1']
    for name, port in PORTS.items():
        lines += ['listen ' + name, ' bind %s:%d' % (ENTRANCE, port)]
        lines += [' server %s %s:%d check inter 500ms fall 1 rise 1' % (one.name, one.address, port)
                  for one in controllers]
    with open(state + '/haproxy.cfg', 'w') as file:
        file.write('\n'.join(lines) + '\n')
    return subprocess.Popen(['haproxy', '-f', state + '/haproxy.cfg'], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


class Node:
    """A process of Nacre's on a machine of its own, if only of its own address."""
    prefix = []

    def __init__(self, nacre, kind, state, name, address, options):
        self.name, self.address, self.state = name, address, '%s/%s' % (state, name)
        self.words = [nacre, kind, '--detach', '--state', self.state, '--config', state + '/nacre.toml',
                      '-o', 'cloud.host=' + name, *options]
        os.makedirs(self.state, exist_ok=True)

    def run(self, *words, check=True):
        return subprocess.run(self.prefix + list(words), check=check, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def start(self):
        done = self.run(*self.words, check=False)
        if done.returncode != 0:
            raise ChildProcessError('%s did not start: %s' % (self.name, done.stdout))

    def kill(self):
        """As a power failure ends it, seen from outside."""
        pid = open(self.state + '/pid').read()
        self.run('kill', '-KILL', pid)
        wait('the end of ' + self.name, lambda: self.run('sh', '-c', '! kill -0 %s 2>/dev/null || grep -q "^State:.Z" '
                                                         '/proc/%s/status' % (pid, pid), check=False).returncode == 0)

    def troubles(self):
        """What its log complains of."""
        with open(self.state + '/log/nacre.log') as log:
            return [line.strip() for line in log if ' WARN ' in line or ' ERROR ' in line]


class Controller(Node):
    def __init__(self, nacre, state, name, address):
        super().__init__(nacre, 'controller', state, name, address, ['--listen', address])
        self.url = {service: 'http://%s:%d' % (address, port) for service, port in PORTS.items()}


class Host(Node):
    """A machine with an agent."""

    def __init__(self, nacre, state, name, address, options):
        super().__init__(nacre, 'agent', state, name, address, [
            '-o', 'network.tunnel_ip=' + address, '-o', 'compute.my_ip=' + address, *options])
        self.agent = self.state + '/agent'
        # The shell reaps what loses its parent, as the first process of a machine does.
        self.machine = subprocess.Popen(
            ['unshare', '--net', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc', 'bash', '-c',
             'hostname %s && mount -t sysfs none /sys && mount -t tmpfs none /run && mkdir /run/netns && echo up\n'
             'sleep infinity & wait' % name], stdout=subprocess.PIPE, text=True)
        if self.machine.stdout.readline() != 'up\n':
            raise ChildProcessError('no namespaces for ' + name)
        first = open('/proc/%d/task/%d/children' % (self.machine.pid, self.machine.pid)).read().split()[0]
        self.prefix = ['nsenter', '-t', first, '-n', '-m', '-p', '-u']
        ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', first)
        ip('link', 'set', name, 'master', 'fabric', 'up')
        for words in (['link', 'set', 'lo', 'up'], ['address', 'add', address + '/24', 'dev', 'uplink'],
                      ['link', 'set', 'uplink', 'up']):
            self.run('ip', *words)

    def down(self):
        """Its end, with all that runs on it."""
        self.machine.send_signal(signal.SIGKILL)
        self.machine.wait()
