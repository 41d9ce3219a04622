#!/usr/bin/python3
"""Every command of the identity service (identity-commands.txt), by the unmodified client, each answer checked.

usage: identity.py [--only PART]
Reads the OS_* variables of an administrator. Prints a line for each part and ends with `N passed, N failed`, where N
counts checks; exits 1 when one failed.
"""
import argparse
import json
import os
import shlex
import sys
import tempfile

import client
import parts
from parts import check

HERE = os.path.dirname(os.path.abspath(__file__))
LATER = '2040-01-02T03:04:05'
# What the environment is to have other than it has, for other scopes and other ways to log in.
UNSCOPED = {'OS_PROJECT_NAME': '', 'OS_PROJECT_DOMAIN_NAME': ''}
SYSTEM = {**UNSCOPED, 'OS_SYSTEM_SCOPE': 'all'}
NOBODY = {'OS_USERNAME': '', 'OS_PASSWORD': '', 'OS_USER_DOMAIN_NAME': ''}


def do(line, **more):
    """Runs a command that is written as a user types it; its output."""
    return client.openstack(*shlex.split(line), **more)


def rows(line, **more):
    return client.show(*shlex.split(line), **more)


def see(line, environment=None, **expected):
    """Runs a command that shows something, and checks some of what it shows."""
    shown = rows(line, environment=environment)
    for field, value in expected.items():
        check(shown.get(field) == value, '%s: %s is not %r in %s' % (line, field, value, shown))
    return shown


def column(line, name='Name', **more):
    return [row[name] for row in rows(line, **more)]


def listed(line, *expected, name='Name', missing=(), **more):
    """Checks that a list has some rows, and that it lacks others."""
    found = column(line, name, **more)
    check(set(expected) <= set(found) and not set(missing) & set(found), '%s: %s' % (line, found))


def refused(line, *words, **more):
    text = do(line, ok=False, **more)
    check(all(word in text for word in words), '%s: %s' % (line, text))


def delete(kind, *ids, name='ID', options='', **more):
    """Deletes things, and checks that they were there before and that a list has none of them after it."""
    listing = '%s list %s' % (kind, options)
    listed(listing, *ids, name=name, **more)
    do('%s delete %s %s' % (kind, options, ' '.join(ids)), **more)
    listed(listing, name=name, missing=ids, **more)


def file(content):
    """The name of a file that has this content, until this process ends."""
    with tempfile.NamedTemporaryFile('w', delete=False, dir=SCRATCH) as made:
        made.write(content if isinstance(content, str) else json.dumps(content))
    return made.name


def user(name, project):
    """Makes a user with the role member in a project of its own; the variables to log in as that user."""
    do('project create ' + project)
    do('user create %s --password "a secret word" --project %s' % (name, project))
    do('role add member --user %s --project %s' % (name, project))
    return {'OS_USERNAME': name, 'OS_PASSWORD': 'a secret word', 'OS_PROJECT_NAME': project}


def leave(name, project):
    do('user delete ' + name)
    do('project delete ' + project)


def tokens():
    issued = see('token issue')
    check(len(issued['id']) > 100 and issued['expires'] and issued['user_id'], 'token issue: %s' % issued)
    project = see('project show admin')['id']
    check(issued['project_id'] == project, 'token issue: %s' % issued)
    by_token = {**NOBODY, 'OS_AUTH_TYPE': 'token', 'OS_TOKEN': issued['id']}
    check('admin' in column('user list', environment=by_token), 'the token is good')
    do('token revoke ' + issued['id'])
    refused('user list', 'HTTP 404', environment=by_token)
    listed('catalog list', 'identity', 'image', 'compute', 'network', 'placement', name='Type')
    shown = see('catalog show identity', name='keystone', type='identity')
    faces = {endpoint['interface'] for endpoint in shown['endpoints']}
    check(faces == {'public', 'internal', 'admin'}, 'catalog show: %s' % shown)
    as_user = user('teller', 'bank')
    do('role add reader --user teller --domain default')
    check(column('federation project list', environment=as_user) == ['bank'], 'federation project list')
    check(column('federation domain list', environment=as_user) == ['Default'], 'federation domain list')
    leave('teller', 'bank')


def domains():
    made = see('domain create town --description "a domain"', name='town', description='a domain', enabled=True)
    see('domain create town --or-show', id=made['id'])
    refused('domain create town', 'HTTP 409')
    see('domain show town', id=made['id'], description='a domain')
    listed('domain list', 'Default', 'town')
    do('domain set town --name city --description changed --disable')
    see('domain show city', id=made['id'], name='city', description='changed', enabled=False)
    listed('domain list --enabled', 'Default', missing=['city'])
    delete('domain', 'city', name='Name')


def projects():
    top = see('project create trunk --description "a tree" --property colour=blue --tag old --tag tall',
              name='trunk', description='a tree', colour='blue', enabled=True, is_domain=False, tags=['old', 'tall'])
    branch = see('project create branch --parent trunk', parent_id=top['id'], domain_id='default')
    leaf = see('project create leaf --parent branch --disable', enabled=False)
    see('project show branch --parents', parents={top['id']: {'default': None}})
    see('project show trunk --children', subtree={branch['id']: {leaf['id']: None}})
    listed('project list', 'trunk', 'branch', 'leaf', 'admin')
    listed('project list --parent trunk', 'branch', missing=['trunk', 'leaf'])
    listed('project list --tags old,tall', 'trunk', missing=['branch', 'admin'])
    listed('project list --not-tags old', 'branch', missing=['trunk'])
    listed('project list --my-projects', 'admin', missing=['trunk'])
    do('project set trunk --name stem --remove-tag old --property colour=red --description changed')
    see('project show stem', id=top['id'], colour='red', tags=['tall'], description='changed')
    refused('project delete stem', 'HTTP 403')
    delete('project', 'leaf', 'branch', 'stem', name='Name')


def users():
    do('project create hive')
    made = see('user create bee --password "a secret word" --email bee@example.org --project hive --description buzz '
               '--ignore-password-expiry', name='bee', email='bee@example.org', description='buzz', enabled=True,
               options={'ignore_password_expiry': True})
    check('password' not in made, 'user create: %s' % made)
    listed('user list', 'bee', 'admin')
    do('role add member --user bee --project hive')
    listed('user list --project hive', 'bee', missing=['admin'])
    as_user = {'OS_USERNAME': 'bee', 'OS_PASSWORD': 'a secret word', 'OS_PROJECT_NAME': 'hive'}
    do('user password set --original-password "a secret word" --password "another word"', environment=as_user)
    refused('token issue', 'HTTP 401', environment=as_user)
    as_user['OS_PASSWORD'] = 'another word'
    see('token issue', environment=as_user, user_id=made['id'])
    do('user set bee --name wasp --email wasp@example.org --password "a third word" --disable')
    see('user show wasp', id=made['id'], email='wasp@example.org', enabled=False)
    as_user.update(OS_USERNAME='wasp', OS_PASSWORD='a third word')
    refused('token issue', 'HTTP 401', environment=as_user)
    do('user set wasp --enable')
    see('token issue', environment=as_user, user_id=made['id'])
    delete('user', 'wasp', name='Name')
    do('project delete hive')


def groups():
    do('user create ant')
    made = see('group create heap --description many', name='heap', description='many', domain_id='default')
    do('group add user heap ant')
    check('ant in group heap' in do('group contains user heap ant'), 'group contains user')
    listed('group list --user ant', 'heap')
    listed('user list --group heap', 'ant', missing=['admin'])
    do('group remove user heap ant')
    check('ant not in group heap' in client.Command(['group', 'contains', 'user', 'heap', 'ant'], {}).end()[2],
          'group remove user')
    do('group set heap --name hill --description one')
    see('group show hill', id=made['id'], name='hill', description='one')
    delete('group', 'hill', name='Name')
    do('user delete ant')


def roles():
    made = see('role create smith --description "makes things"', name='smith', description='makes things',
               domain_id=None)
    do('role set smith --name wright --immutable')
    see('role show wright', id=made['id'], options={'immutable': True})
    refused('role delete wright', 'HTTP 403')
    do('role set wright --no-immutable')
    do('role create helper')
    see('implied role create wright --implied-role helper', prior_role=made['id'],
        implies=see('role show helper')['id'])
    pairs = [(row['Prior Role Name'], row['Implied Role Name']) for row in rows('implied role list')]
    check({('wright', 'helper'), ('admin', 'manager'), ('member', 'reader')} <= set(pairs),
          'implied role list: %s' % pairs)
    do('project create shop')
    do('user create mason')
    do('group create guild')
    do('group add user guild mason')
    do('role add wright --user mason --project shop')
    do('role add helper --group guild --domain default')
    do('role add reader --user mason --system all')
    given = rows('role assignment list --user mason --names')
    check([(row['Role'], row['Project'], row['System']) for row in given if row['Project']]
          == [('wright', 'shop@Default', '')], 'role assignment list: %s' % given)
    check([row['Role'] for row in given if row['System'] == 'all'] == ['reader'], 'role assignment list: %s' % given)
    given = rows('role assignment list --user mason --project shop --names --effective')
    check(sorted(row['Role'] for row in given) == ['helper', 'wright'], 'role assignment list --effective: %s' % given)
    listed('role assignment list --group guild --names', 'helper', name='Role')
    do('role remove wright --user mason --project shop')
    check(rows('role assignment list --user mason --project shop') == [], 'role remove')
    do('implied role delete wright --implied-role helper')
    listed('implied role list', name='Prior Role Name', missing=['wright'])
    delete('role', 'wright', 'helper', name='Name')
    for thing in ('group delete guild', 'user delete mason', 'project delete shop'):
        do(thing)


def catalog():
    see('region create north --description cold', region='north', description='cold', parent_region=None)
    see('region create arctic --parent-region north', parent_region='north')
    listed('region list --parent-region north', 'arctic', name='Region', missing=['north'])
    do('region set arctic --description colder')
    see('region show arctic', description='colder', parent_region='north')
    made = see('service create --name lamp --description light lighting', name='lamp', type='lighting', enabled=True)
    do('service set lamp --name lantern --description dim')
    see('service show lantern', id=made['id'], type='lighting', description='dim')
    listed('service list', 'lantern', 'keystone')
    point = see('endpoint create --region north lantern public http://192.0.2.1:9', interface='public', region='north',
                service_id=made['id'], url='http://192.0.2.1:9')['id']
    do('endpoint set %s --interface admin --url http://192.0.2.2:9' % point)
    see('endpoint show ' + point, interface='admin', url='http://192.0.2.2:9', service_name='lantern')
    check(column('endpoint list --service lantern', 'ID') == [point], 'endpoint list')
    filtered(point, made['id'])
    delete('endpoint', point)
    delete('service', 'lantern', name='Name')
    delete('region', 'arctic', 'north', name='Region')


def filtered(endpoint, service):
    """Endpoints that only some projects see."""
    project = see('project create yard')['id']
    do('endpoint add project %s yard' % endpoint)
    check(column('endpoint list --project yard', 'ID') == [endpoint], 'endpoint add project')
    do('endpoint remove project %s yard' % endpoint)
    check(column('endpoint list --project yard', 'ID') == [], 'endpoint remove project')
    group = see('endpoint group create bright %s --description of' % file({'service_id': service}), name='bright',
                filters={'service_id': service})['id']
    do('endpoint group add project bright yard')
    listed('endpoint group list --project yard', 'bright')
    check(column('endpoint group list --endpointgroup bright', 'ID') == [project], 'its projects')
    do('endpoint group remove project bright yard')
    listed('endpoint group list --project yard', missing=['bright'])
    do('endpoint group set bright --name brighter --filters ' + file({'interface': 'admin'}))
    see('endpoint group show brighter', id=group, filters={'interface': 'admin'})
    delete('endpoint group', group)
    do('project delete yard')


def policies():
    made = see('policy create --type text/plain ' + file('all'), type='text/plain', rules='all')['id']
    do('policy set %s --type application/json --rules %s' % (made, file('{}')))
    see('policy show ' + made, type='application/json', rules='{}')
    listed('policy list --long', '{}', name='Rules')
    delete('policy', made)


def limits():
    do('project create shelf')
    do('service create --name library books')
    registered = see('registered limit create --service library --default-limit 5 --description usual book',
                     resource_name='book', default_limit=5, description='usual', region_id=None)['id']
    see('registered limit set %s --default-limit 6' % registered, default_limit=6)
    see('registered limit show ' + registered, id=registered, default_limit=6)
    listed('registered limit list --service library', 'book', name='Resource Name')
    made = see('limit create --project shelf --service library --resource-limit 9 book', resource_limit=9)['id']
    see('limit set %s --resource-limit 10 --description more' % made, resource_limit=10, description='more')
    see('limit show ' + made, id=made, resource_limit=10, project_id=see('project show shelf')['id'])
    check(column('limit list --project shelf', 'ID', environment=SYSTEM) == [made], 'limit list')
    refused('registered limit delete ' + registered, 'HTTP 403')
    delete('limit', made, environment=SYSTEM)
    delete('registered limit', registered)
    do('service delete library')
    do('project delete shelf')


def credentials():
    user('porter', 'lodge')
    made = see('credential create porter --type cert first', type='cert', blob='first', project_id=None)['id']
    do('credential set %s --user porter --type cert --data second --project lodge' % made)
    see('credential show ' + made, blob='second', type='cert')
    check(column('credential list --user porter --type cert', 'ID') == [made], 'credential list')
    delete('credential', made)
    made = see('ec2 credentials create --user porter --project lodge', project_id=see('project show lodge')['id'])
    key = made['access']
    see('ec2 credentials show %s --user porter' % key, secret=made['secret'], user_id=made['user_id'])
    delete('ec2 credentials', key, name='Access', options='--user porter')
    leave('porter', 'lodge')


def application_credentials():
    as_user = user('robot', 'plant')
    rules = [{'service': 'identity', 'method': 'GET', 'path': '/v3/projects'}]
    made = see('application credential create arm --secret oil --role member --expiration %s --description strong '
               "--access-rules '%s'" % (LATER, json.dumps(rules)), environment=as_user, name='arm', secret='oil',
               description='strong', roles='member reader', unrestricted=False, expires_at=LATER + '.000000')
    see('application credential show arm', environment=as_user, id=made['id'], roles='member reader')
    check(column('application credential list', environment=as_user) == ['arm'], 'application credential list')
    listed_rules = rows('access rule list', environment=as_user)
    check([(row['Service'], row['Method'], row['Path']) for row in listed_rules]
          == [('identity', 'GET', '/v3/projects')], 'access rule list: %s' % listed_rules)
    rule = listed_rules[0]['ID']
    see('access rule show ' + rule, environment=as_user, id=rule, path='/v3/projects')
    do('application credential delete arm', environment=as_user)
    check(rows('application credential list', environment=as_user) == [], 'application credential delete')
    do('access rule delete ' + rule, environment=as_user)
    check(rows('access rule list', environment=as_user) == [], 'access rule delete')
    leave('robot', 'plant')


def trusts():
    as_user = user('owner', 'house')
    trustee = see('user create guest --password "a guest word"')['id']
    trustor = see('user show owner')['id']
    project, role = see('project show house')['id'], see('role show member')['id']
    made = see('trust create %s %s --project %s --role %s --impersonate --expiration %s'
               % (trustor, trustee, project, role, LATER), environment=as_user, impersonation=True, roles='member',
               trustor_user_id=trustor, trustee_user_id=trustee, expires_at=LATER + '.000000Z')['id']
    see('trust show ' + made, environment=as_user, id=made, roles='member')
    listed('trust list', made, name='ID')
    by_trust = {**UNSCOPED, 'OS_USERNAME': 'guest', 'OS_PASSWORD': 'a guest word', 'OS_TRUST_ID': made}
    see('token issue', environment=by_trust, user_id=trustor)
    do('trust delete ' + made, environment=as_user)
    listed('trust list', name='ID', missing=[made])
    refused('token issue', 'HTTP 40', environment=by_trust)
    do('user delete guest')
    leave('owner', 'house')


def oauth():
    do('project create attic')
    do('role add member --user admin --project attic')
    consumer = see('consumer create --description first', description='first')
    key, secret = consumer['id'], consumer['secret']
    do('consumer set %s --description changed' % key)
    see('consumer show ' + key, description='changed')
    words = '--consumer-key %s --consumer-secret %s' % (key, secret)
    asked = see('request token create %s --project attic' % words)
    verifier = see('request token authorize --request-key %s --role member' % asked['key'])['oauth_verifier']
    got = see('access token create %s --request-key %s --request-secret %s --verifier %s'
              % (words, asked['key'], asked['secret'], verifier))
    check(got['key'] and got['secret'], 'access token create: %s' % got)
    delete('consumer', key)
    do('project delete attic')


def federation():
    see('identity provider create acme --remote-id https://acme.example.org --description theirs', id='acme',
        remote_ids=['https://acme.example.org'], description='theirs', enabled=True)
    do('identity provider set acme --description others --disable')
    see('identity provider show acme', description='others', enabled=False)
    listed('identity provider list', 'acme', name='ID')
    rules = [{'local': [{'user': {'name': '{0}'}}], 'remote': [{'type': 'REMOTE_USER'}]}]
    see('mapping create names --rules ' + file(rules), id='names', rules=rules)
    rules[0]['remote'][0]['type'] = 'OIDC-sub'
    do('mapping set names --rules ' + file(rules))
    see('mapping show names', rules=rules)
    protocol = '--identity-provider acme'
    see('federation protocol create openid --mapping names ' + protocol, id='openid', mapping='names')
    do('mapping create others --rules ' + file(rules))
    # The client hands what it would show to the shell as its exit code, so it ends with 1; the service has done it.
    text = do('federation protocol set openid --mapping others ' + protocol, ok=False)
    check('HTTP' not in text, 'federation protocol set: ' + text)
    see('federation protocol show openid ' + protocol, id='openid', mapping='others')
    delete('federation protocol', 'openid', name='id', options=protocol)
    delete('mapping', 'names', 'others')
    delete('identity provider', 'acme')
    urls = '--auth-url https://beta.example.org/auth --service-provider-url https://beta.example.org/sp'
    see('service provider create beta %s --description far' % urls, id='beta', description='far', enabled=True,
        auth_url='https://beta.example.org/auth', sp_url='https://beta.example.org/sp')
    do('service provider set beta --description near --disable')
    see('service provider show beta', description='near', enabled=False)
    delete('service provider', 'beta')


def every_command():
    """No command is left out."""
    with open(os.path.join(HERE, 'identity-commands.txt')) as lines:
        commands = [line.strip() for line in lines if not line.startswith('#')]
    left = [command for command in commands if not any((ran + ' ').startswith(command + ' ') for ran in client.ran)]
    check(not left, 'not run: ' + ', '.join(left))
    print('        %d commands' % len(commands), flush=True)


parser = argparse.ArgumentParser()
parser.add_argument('--only')
WAVES = ((users, tokens, domains, projects, groups, roles, catalog, policies, limits, credentials,
          application_credentials, trusts, oauth, federation), (every_command,))
with tempfile.TemporaryDirectory() as SCRATCH:
    sys.exit(parts.run(WAVES, parser.parse_args().only))
