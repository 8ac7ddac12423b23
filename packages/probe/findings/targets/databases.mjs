import { ofDebian, ofNpm } from './target.mjs';

const SLAPD = `include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_ldif
pidfile {place}/pid
database ldif
suffix "dc=example"
directory {place}
`;

export const databases = [
  ofDebian('redis', 'Redis', 'redis-server', 'redis', [
    'redis-server',
    '--port',
    '{port}',
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    '{place}',
  ]),
  ofDebian('memcached', 'memcached', 'memcached', 'memcached', ['memcached', '-l', '127.0.0.1', '-p', '{port}', '-U', '0']),
  ofDebian(
    'postgres',
    'PostgreSQL',
    'postgresql-15',
    'postgres',
    [
      '/usr/lib/postgresql/15/bin/postgres',
      '-D',
      '{place}/cluster',
      '-p',
      '{port}',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'fsync=off',
    ],
    {
      prepare: [
        ['/usr/lib/postgresql/15/bin/initdb', '-D', '{place}/cluster', '-U', 'postgres', '--auth=trust', '--no-sync', '--no-locale'],
      ],
    },
  ),
  ofDebian(
    'mariadb',
    'MariaDB',
    'mariadb-server-core',
    'mysql',
    [
      'mariadbd',
      '--no-defaults',
      '--datadir={place}/data',
      '--port={port}',
      '--bind-address=127.0.0.1',
      '--socket={place}/s',
      '--skip-grant-tables',
      '--skip-networking=0',
      '--max-connections=500',
      '--innodb-buffer-pool-size=8M',
      '--tmpdir={place}',
    ],
    {
      prepare: [
        ['mariadb-install-db', '--no-defaults', '--datadir={place}/data', '--auth-root-authentication-method=normal', '--skip-test-db'],
      ],
    },
  ),
  ofDebian('slapd', 'OpenLDAP', 'slapd', 'ldap', ['slapd', '-d', '0', '-f', '{place}/slapd.conf', '-h', 'ldap://127.0.0.1:{port}'], {
    files: { 'slapd.conf': SLAPD },
  }),
  ofNpm('ldapjs', 'ldapjs@3.0.7', 'ldap'),
  ofDebian('etcd', 'etcd', 'etcd-server', 'http', [
    'etcd',
    '--data-dir',
    '{place}/etcd',
    '--listen-client-urls',
    'http://127.0.0.1:{port}',
    '--advertise-client-urls',
    'http://127.0.0.1:{port}',
    '--listen-peer-urls',
    'http://127.0.0.1:0',
    '--log-level',
    'error',
    '--unsafe-no-fsync',
  ]),
];
