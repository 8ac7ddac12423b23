import { expect, test } from 'vitest';
import { admit, broadcastAddresses, SERVICE_PORTS } from '../../src/gate/admit.ts';
import type { AdmitRules } from '../../src/gate/admit.ts';
import type { Peer } from '../../src/peers.ts';

const RULES: AdmitRules = {
  own: [
    { address: '127.0.0.1', port: 9000 },
    { address: 'fe80::1%eth0', port: 9000 },
    { address: '0.0.0.0', port: 9001 },
    { address: '::', port: 9002 },
  ],
  broadcasts: new Set(['192.168.1.255']),
};

function source(text: string): Peer {
  const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(text) ?? [];
  return { address, port: Number(port), family: address.includes(':') ? 'IPv6' : 'IPv4' };
}

test.each([
  ['127.0.0.1:1024', 'answer'],
  ['127.0.0.1:59120', 'answer'],
  ['192.0.2.1:65535', 'answer'],
  ['223.255.255.255:40000', 'answer'],
  ['::1:40000', 'answer'],
  ['fe80::2%eth0:40000', 'answer'],
  ['::ffff:192.0.2.1:40000', 'answer'],
  ['192.0.2.1:0', 'source-port-low'],
  ['192.0.2.1:7', 'source-port-low'],
  ['192.0.2.1:19', 'source-port-low'],
  ['192.0.2.1:53', 'source-port-low'],
  ['2001:db8::1:1023', 'source-port-low'],
  ['192.0.2.1:1900', 'source-port-service'],
  ['192.0.2.1:2049', 'source-port-service'],
  ['::ffff:192.0.2.1:11211', 'source-port-service'],
  ['0.0.0.0:40000', 'source-unspecified'],
  ['0.1.2.3:40000', 'source-unspecified'],
  [':::40000', 'source-unspecified'],
  ['::ffff:0.0.0.0:40000', 'source-unspecified'],
  ['224.0.0.1:40000', 'source-multicast'],
  ['239.255.7.7:40000', 'source-multicast'],
  ['ff02::1%eth0:40000', 'source-multicast'],
  ['::ffff:224.0.0.1:40000', 'source-multicast'],
  ['255.255.255.255:40000', 'source-broadcast'],
  ['192.168.1.255:40000', 'source-broadcast'],
  ['::ffff:192.168.1.255:40000', 'source-broadcast'],
  ['192.168.2.255:40000', 'answer'],
  ['240.0.0.1:40000', 'source-reserved'],
  ['255.1.2.3:40000', 'source-reserved'],
  ['127.0.0.1:9000', 'source-own-endpoint'],
  ['::ffff:127.0.0.1:9000', 'source-own-endpoint'],
  ['fe80::1%eth0:9000', 'source-own-endpoint'],
  ['127.0.0.2:9000', 'answer'],
  ['192.0.2.1:9001', 'source-own-endpoint'],
  ['2001:db8::1:9002', 'source-own-endpoint'],
])('%s → %s', (text, verdict) => {
  expect(admit(source(text), RULES)).toBe(verdict);
});

test('no service port is one that systems choose for clients', () => {
  for (const port of SERVICE_PORTS) expect(port >= 1024 && port < 32_768).toBe(true);
});

test('broadcast addresses follow from address and netmask', () => {
  const found = broadcastAddresses([
    { family: 'IPv4', address: '192.168.1.7', netmask: '255.255.255.0' },
    { family: 'IPv4', address: '10.1.2.3', netmask: '255.252.0.0' },
    { family: 'IPv4', address: '127.0.0.1', netmask: '255.0.0.0' },
    { family: 'IPv4', address: '192.0.2.4', netmask: '255.255.255.254' },
    { family: 'IPv4', address: '192.0.2.9', netmask: '255.255.255.255' },
    { family: 'IPv6', address: 'fe80::1', netmask: 'ffff:ffff:ffff:ffff::' },
  ]);
  expect([...found]).toEqual(['192.168.1.255', '10.3.255.255', '127.255.255.255']);
});
