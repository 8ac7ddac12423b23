import { brokers } from './brokers.mjs';
import { databases } from './databases.mjs';
import { mail } from './mail.mjs';
import { names } from './names.mjs';
import { others } from './others.mjs';
import { proxies } from './proxies.mjs';
import { web } from './web.mjs';

const servers = [...web, ...proxies, ...databases, ...brokers, ...mail, ...names, ...others];

/** The server whose answers the client gets, by its id. */
const answeredBy = (id) => {
  const against = servers.find((target) => target.id === id);
  if (against === undefined) throw new RangeError(`there is no server ${id}`);
  return { against, protocol: against.protocol ?? against.conversation.name };
};

/** A program of Debian; {port} in its command is where it connects. */
const ofDebian = (id, packageName, server, run, more = {}) => ({
  id,
  name: id.replace(/^client-/, ''),
  kind: 'client',
  of: 'Debian',
  debian: [packageName],
  ...answeredBy(server),
  run,
  ...more,
});

/** A package of npm, used by `clients/npm.mjs`. */
const ofNpm = (which, npm, server, more = {}) => ({
  id: `client-${npm.replaceAll(/[@/]/g, '-').replace(/^-/, '')}`,
  name: npm.slice(0, npm.lastIndexOf('@')),
  kind: 'client',
  of: 'npm',
  npm,
  ...answeredBy(server),
  run: ['node', '{clients}/npm.mjs', '{folder}', which, '{port}'],
  ...more,
});

/** A module of Python, used by `clients/python.py`. */
const ofPython = (which, server, more = {}) => ({
  id: `client-${which}`,
  name: which,
  kind: 'client',
  of: 'Debian (Python)',
  debian: ['python3'],
  ...answeredBy(server),
  run: ['/usr/bin/python3', '{clients}/python.py', which, '{port}'],
  ...more,
});

export const clients = [
  ofDebian('client-curl', 'curl', 'nginx', ['curl', '-sS', 'http://127.0.0.1:{port}/']),
  ofDebian('client-curl-http2', 'curl', 'nginx-http2', ['curl', '-sS', '--http2-prior-knowledge', 'http://127.0.0.1:{port}/']),
  ofDebian('client-wget', 'wget', 'nginx', ['wget', '-q', '-t', '1', '-O', '-', 'http://127.0.0.1:{port}/']),
  ofDebian('client-redis-cli', 'redis-tools', 'redis', ['redis-cli', '-p', '{port}', 'MGET', 'a', 'b']),
  ofDebian('client-psql', 'postgresql-client-15', 'postgres', [
    '/usr/lib/postgresql/15/bin/psql',
    '-h',
    '127.0.0.1',
    '-p',
    '{port}',
    '-U',
    'postgres',
    '-Atc',
    'SELECT generate_series(1, 3)',
  ]),
  ofDebian('client-mariadb', 'mariadb-client-core', 'mariadb', [
    'mariadb',
    '--no-defaults',
    '-h',
    '127.0.0.1',
    '-P',
    '{port}',
    '-u',
    'root',
    '-N',
    '-e',
    'SELECT 1 UNION SELECT 2',
  ]),
  ofDebian('client-mosquitto_pub', 'mosquitto-clients', 'mosquitto', [
    'mosquitto_pub',
    '-h',
    '127.0.0.1',
    '-p',
    '{port}',
    '-i',
    'findings',
    '-q',
    '2',
    '-t',
    'findings',
    '-m',
    'hello',
  ]),
  ofDebian('client-ldapsearch', 'ldap-utils', 'slapd', [
    'ldapsearch',
    '-x',
    '-LLL',
    '-H',
    'ldap://127.0.0.1:{port}',
    '-b',
    '',
    '-s',
    'base',
    '+',
  ]),
  ofDebian('client-swaks', 'swaks', 'aiosmtpd', [
    'swaks',
    '--server',
    '127.0.0.1',
    '--port',
    '{port}',
    '--quit-after',
    'MAIL',
    '-f',
    'a@example.com',
    '--helo',
    'client.example',
    '--hide-all',
  ]),
  ofDebian('client-git', 'git', 'git-daemon', ['git', 'ls-remote', 'git://127.0.0.1:{port}/r']),
  ofDebian('client-rsync', 'rsync', 'rsync', ['rsync', '--port={port}', '127.0.0.1::']),
  ofPython('urllib', 'nginx'),
  ofPython('imaplib', 'hoodiecrow'),
  ofPython('poplib', 'twisted-pop3'),
  ofPython('ftplib', 'vsftpd'),
  ofPython('smtplib', 'aiosmtpd'),
  ofNpm('ioredis', 'ioredis@6.0.0', 'redis'),
  ofNpm('redis', 'redis@6.3.1', 'redis'),
  ofNpm('pg', 'pg@8.23.1', 'postgres'),
  ofNpm('mysql2', 'mysql2@3.24.6', 'mariadb'),
  ofNpm('mysql', 'mysql@2.18.1', 'mariadb'),
  ofNpm('mqtt', 'mqtt@5.16.0', 'mosquitto'),
  ofNpm('amqplib', 'amqplib@2.3.1', 'rabbitmq'),
  ofNpm('amqp-client', '@cloudamqp/amqp-client@3.4.1', 'rabbitmq', { expected: 'fail' }),
  ofNpm('amqp-client', '@cloudamqp/amqp-client@4.1.1', 'rabbitmq'),
  ofNpm('nats', 'nats@2.29.3', 'nats'),
  ofNpm('memjs', 'memjs@1.3.2', 'memcached'),
  ofNpm('ldapts', 'ldapts@8.2.0', 'slapd'),
  ofNpm('nodemailer', 'nodemailer@10.6.1', 'smtp-server'),
  ofNpm('imapflow', 'imapflow@2.10.2', 'hoodiecrow'),
  ofNpm('socks', 'socks@2.8.11', 'danted'),
  ofNpm('undici', 'undici@7.30.2', 'nginx'),
  ofNpm('grpc-js', '@grpc/grpc-js@1.14.7', 'grpc-js'),
  ofNpm('modbus-serial', 'modbus-serial@8.0.25', 'jsmodbus'),
];
