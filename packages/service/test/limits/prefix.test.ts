import { prefixOf } from '@socklab/service';
import { expect, test } from 'vitest';
import { formatIpv4, formatIpv6, ipv4Bits, ipv6Groups } from '../../src/limits/address-bits.ts';

test.each([
  ['192.0.2.9', '192.0.2.0/24'],
  ['192.0.2.255', '192.0.2.0/24'],
  ['255.255.255.255', '255.255.255.0/24'],
  ['2001:db8::9', '2001:db8::/56'],
  ['2001:db8:1:2ff:3:4:5:6', '2001:db8:1:200::/56'],
  ['2001:db8:1:3ff:ffff:ffff:ffff:ffff', '2001:db8:1:300::/56'],
  ['::1', '::/56'],
  ['0:0:0:100::', '0:0:0:100::/56'],
  ['fe80::1%eth0', 'fe80::/56'],
  ['::ffff:192.0.2.9', '192.0.2.0/24'],
  ['::ffff:c000:209', '192.0.2.0/24'],
  ['', ''],
  ['localhost', 'localhost'],
  ['no:address', 'no:address'],
])('%j is in %j', (host, prefix) => {
  expect(prefixOf(host, 24, 56)).toBe(prefix);
});

test.each([
  [0, '0.0.0.0/0'],
  [1, '128.0.0.0/1'],
  [20, '203.0.112.0/20'],
  [31, '203.0.113.254/31'],
  [32, '203.0.113.255/32'],
])('an IPv4 prefix of %i bits', (bits, prefix) => {
  expect(prefixOf('203.0.113.255', bits, 56)).toBe(prefix);
});

test.each([
  [0, '::/0'],
  [1, '8000::/1'],
  [16, 'ffff::/16'],
  [17, 'ffff:8000::/17'],
  [64, 'ffff:ffff:ffff:ffff::/64'],
  [127, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127'],
  [128, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'],
])('an IPv6 prefix of %i bits', (bits, prefix) => {
  expect(prefixOf('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 24, bits)).toBe(prefix);
});

test('two spellings of one address have one prefix', () => {
  const spellings = ['2001:db8::1', '2001:DB8:0:0::1', '2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::0.0.0.1'];
  expect(new Set(spellings.map((host) => prefixOf(host, 24, 128)))).toEqual(new Set(['2001:db8:0:0:0:0:0:1/128']));
});

test.each([
  '::',
  '::1',
  '1::',
  '1:0:2::',
  '1::2:0:0:3:0',
  '1:2:3:4:5:6:7:8',
  '0:1:2:3:4:5:6:7',
  '::ffff:1.2.3.4',
  'abcd:ef01:2345:6789:abcd:ef01:2345:6789',
  '2001:db8:0:1::1',
])('%s is written as the system writes it', (host) => {
  expect(formatIpv6(ipv6Groups(host))).toBe(host.includes('.') ? host : new URL(`http://[${host}]`).hostname.slice(1, -1));
});

test('an IPv6 prefix that ends in zeros has no more groups than it needs', () => {
  expect(prefixOf('2001:db8::1:0', 24, 128)).toBe('2001:db8:0:0:0:0:1::/128');
  expect(prefixOf('::', 24, 128)).toBe('::/128');
});

test('every octet of an IPv4 address is read and written', () => {
  for (const host of ['0.0.0.0', '1.2.3.4', '127.0.0.1', '128.0.0.1', '255.255.255.255']) expect(formatIpv4(ipv4Bits(host))).toBe(host);
  expect(ipv4Bits('255.1.0.2')).toBe(0xff_01_00_02);
});
