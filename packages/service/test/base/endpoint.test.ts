import { ServiceError, formatEndpoint, isWildcard, parseEndpoint } from '@socklab/service';
import { expect, test } from 'vitest';
import type { Transport } from '../../src/base/endpoint.ts';
import type { Endpoint } from '@socklab/service';

test.each<[string, Transport, Endpoint]>([
  ['tcp://127.0.0.1:9000', 'tcp', { kind: 'ip', host: '127.0.0.1', port: 9000 }],
  ['tcp://[::1]:9000', 'tcp', { kind: 'ip', host: '::1', port: 9000 }],
  ['tcp://0.0.0.0:0', 'tcp', { kind: 'ip', host: '0.0.0.0', port: 0 }],
  ['tcp://localhost:9000', 'tcp', { kind: 'ip', host: 'localhost', port: 9000 }],
  ['udp://127.0.0.1:9000', 'udp', { kind: 'ip', host: '127.0.0.1', port: 9000 }],
  ['udp://[::]:65535', 'udp', { kind: 'ip', host: '::', port: 65_535 }],
  ['unix:/run/echo.sock', 'tcp', { kind: 'unix', path: '/run/echo.sock' }],
  ['unix:@echo', 'tcp', { kind: 'abstract', name: 'echo' }],
  ['fd:3', 'tcp', { kind: 'fd', fd: 3 }],
  ['fd:4', 'udp', { kind: 'fd', fd: 4 }],
  ['systemd', 'tcp', { kind: 'systemd', name: undefined }],
  ['systemd:web', 'udp', { kind: 'systemd', name: 'web' }],
  ['systemd:tcp echo.socket', 'tcp', { kind: 'systemd', name: 'tcp echo.socket' }],
  ['tcp://systemd:9000', 'tcp', { kind: 'ip', host: 'systemd', port: 9000 }],
])('reads %s, and writes it the same', (text, transport, endpoint) => {
  expect(parseEndpoint(text, transport)).toEqual(endpoint);
  expect(formatEndpoint(endpoint, transport)).toBe(text);
});

test.each<[string, Transport]>([
  ['127.0.0.1:9000', 'tcp'],
  ['[::1]:9000', 'udp'],
  ['localhost:9000', 'tcp'],
])('reads %s without its scheme', (text, transport) => {
  expect(formatEndpoint(parseEndpoint(text, transport), transport)).toBe(`${transport}://${text}`);
});

const refusal = (text: string, transport: Transport): ServiceError => {
  try {
    parseEndpoint(text, transport);
  } catch (error) {
    if (error instanceof ServiceError) return error;
  }
  return expect.fail(`${text} was not refused`);
};

test.each<[string, Transport, RegExp]>([
  ['can:can0', 'tcp', /no CAN sockets \(AF_CAN\).*tcp:\/\//],
  ['CAN:0', 'udp', /no CAN sockets/],
  ['rds:10.0.0.1:4000', 'tcp', /AF_RDS.*tcp:\/\//],
  ['raw:icmp', 'tcp', /SOCK_RAW.*tcpdump/],
  ['packet:eth0', 'udp', /AF_PACKET.*Wireshark/],
  ['vsock:2:9000', 'tcp', /AF_VSOCK/],
  ['sctp://127.0.0.1:9000', 'tcp', /SCTP/],
  ['unix:/run/x.sock', 'udp', /AF_UNIX datagram.*udp:\/\/127\.0\.0\.1:PORT/],
  ['unix:@x', 'udp', /AF_UNIX datagram/],
])('%s (%s) is a socket Node.js does not have: says so, and what to use', (text, transport, message) => {
  expect(refusal(text, transport)).toMatchObject({ code: 'SERVICE_ERR_UNSUPPORTED', exitCode: 2, message: expect.stringMatching(message) });
});

test.each<[string, Transport, string]>([
  ['tcp://127.0.0.1:70000', 'tcp', '"70000" is not a port: give a whole number from 0 to 65535'],
  ['127.0.0.1:65536', 'tcp', 'from 0 to 65535'],
  ['tcp://127.0.0.1:', 'tcp', 'not a port'],
  ['tcp://127.0.0.1:-1', 'tcp', 'not a port'],
  ['tcp://:9000', 'tcp', '127.0.0.1 is this machine only, 0.0.0.0 every address'],
  ['tcp://*:9000', 'tcp', 'every address'],
  ['tcp://127.0.0.256:9000', 'tcp', 'neither an IPv4 address nor a host name'],
  ['tcp://127.1:9000', 'tcp', 'neither an IPv4 address'],
  ['tcp://::1:9000', 'tcp', 'tcp://[::1]:9000'],
  ['tcp://[::g]:9000', 'tcp', 'not an IPv6 address'],
  ['tcp://127.0.0.1', 'tcp', 'not an endpoint'],
  ['tcp://127.0.0.1:9000/path', 'tcp', 'not an endpoint'],
  ['udp://127.0.0.1:9000', 'tcp', 'give tcp://127.0.0.1:9000'],
  ['tcp://127.0.0.1:9000', 'udp', 'give udp://127.0.0.1:9000'],
  ['http://127.0.0.1:9000', 'tcp', 'not an endpoint'],
  ['9000', 'tcp', 'not an endpoint'],
  ['', 'tcp', 'not an endpoint'],
  ['unix:', 'tcp', 'unix:/path/to.sock'],
  ['unix:@', 'tcp', 'unix:@name'],
  [`unix:/${'x'.repeat(107)}`, 'tcp', 'at most 107 bytes, this one has 108'],
  ['fd:2', 'tcp', 'N from 3 on'],
  ['fd:three', 'udp', 'fd:3'],
  ['systemd:', 'tcp', 'systemd, or systemd:NAME'],
  ['systemd:a:b', 'udp', 'systemd, or systemd:NAME'],
  [`systemd:${'x'.repeat(256)}`, 'tcp', 'systemd, or systemd:NAME'],
])('%s (%s) is refused: says what is allowed', (text, transport, message) => {
  expect(refusal(text, transport)).toMatchObject({ code: 'SERVICE_ERR_USAGE', exitCode: 2, message: expect.stringContaining(message) });
  expect(refusal(text, transport).message).not.toContain('\n');
});

test.each([
  ['0.0.0.0', true],
  ['::', true],
  ['0:0:0:0:0:0:0:0', true],
  ['::0', true],
  ['::ffff:0.0.0.0', true],
  ['127.0.0.1', false],
  ['::1', false],
  ['::ffff:127.0.0.1', false],
  ['localhost', false],
])('%s as a wildcard: %s', (host, expected) => {
  expect(isWildcard({ kind: 'ip', host, port: 1 })).toBe(expected);
});

test('a path or descriptor is no wildcard', () => {
  expect(isWildcard({ kind: 'unix', path: '/0.0.0.0' })).toBe(false);
  expect(isWildcard({ kind: 'fd', fd: 3 })).toBe(false);
  expect(isWildcard({ kind: 'systemd', name: undefined })).toBe(false);
});
