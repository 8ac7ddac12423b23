import { ofDebian, ofNpm } from './target.mjs';

const ZONE = `$ORIGIN localhost.
$TTL 60
@ IN SOA ns hostmaster 1 60 60 60 60
@ IN NS ns
@ IN A 127.0.0.1
@ IN AAAA ::1
ns IN A 127.0.0.1
`;
const NAMED = `options {
  directory "{place}"; pid-file none; session-keyfile "{place}/key"; recursion no; listen-on port {port} { 127.0.0.1; }; listen-on-v6 { none; };
  tcp-clients 500; dnssec-validation no; managed-keys-directory "{place}";
};
controls {};
zone "localhost" { type primary; file "{place}/zone"; };
`;
const UNBOUND = `server:
  interface: 127.0.0.1@{port}
  chroot: ""
  username: ""
  pidfile: ""
  directory: "{place}"
  use-syslog: no
  incoming-num-tcp: 500
  do-daemonize: no
remote-control:
  control-enable: no
`;
const NSD = `server:
  ip-address: 127.0.0.1@{port}
  username: ""
  pidfile: ""
  zonesdir: "{place}"
  database: ""
  xfrdfile: "{place}/xfrd"
  xfrdir: "{place}"
  zonelistfile: "{place}/zones"
  tcp-count: 500
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: localhost
  zonefile: zone
`;
const KNOT = `server:
  listen: 127.0.0.1@{port}
  rundir: {place}
  tcp-max-clients: 500
  tcp-io-timeout: 60000
database:
  storage: {place}
zone:
  - domain: localhost
    file: {place}/zone
`;
const PDNS = `launch=bind
bind-config={place}/bind.conf
local-address=127.0.0.1
local-port={port}
socket-dir={place}
max-tcp-connections=500
distributor-threads=1
`;

export const names = [
  ofDebian('dnsmasq', 'dnsmasq', 'dnsmasq-base', 'dns', [
    'dnsmasq',
    '--no-daemon',
    '--port={port}',
    '--no-resolv',
    '--no-hosts',
    '--listen-address=127.0.0.1',
    '--bind-interfaces',
    '--conf-file=/dev/null',
    '--pid-file=',
    '--user=',
    '--address=/localhost/127.0.0.1',
  ]),
  ofDebian('bind', 'BIND', 'bind9', 'dns', ['named', '-g', '-n', '1', '-c', '{place}/named.conf'], {
    files: { 'named.conf': NAMED, zone: ZONE },
  }),
  ofDebian('unbound', 'Unbound', 'unbound', 'dns', ['unbound', '-d', '-c', '{place}/unbound.conf'], { files: { 'unbound.conf': UNBOUND } }),
  ofDebian('nsd', 'NSD', 'nsd', 'dns', ['nsd', '-d', '-c', '{place}/nsd.conf'], { files: { 'nsd.conf': NSD, zone: ZONE } }),
  ofDebian('knot', 'Knot DNS', 'knot', 'dns', ['knotd', '-c', '{place}/knot.conf'], { files: { 'knot.conf': KNOT, zone: ZONE } }),
  ofDebian('pdns', 'PowerDNS', 'pdns-server', 'dns', ['pdns_server', '--config-dir={place}', '--guardian=no', '--daemon=no'], {
    with: ['pdns-backend-bind'],
    files: { 'pdns.conf': PDNS, 'bind.conf': 'zone "localhost" { type master; file "{place}/zone"; };\n', zone: ZONE },
  }),
  ofNpm('dns2', 'dns2@3.0.0', 'dns'),
];
