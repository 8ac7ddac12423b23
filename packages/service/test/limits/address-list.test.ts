import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';
import {
  InvalidArgumentError,
  addressOptions,
  createAddressRule,
  createProgram,
  listenTcp,
  parseCidr,
  parseEndpoint,
} from '@socklab/service';
import { expect, onTestFinished, test } from 'vitest';
import { connected } from '../sockets.ts';

const rule = (allow: readonly string[], deny: readonly string[] = []) =>
  createAddressRule({ allow: allow.map(parseCidr), deny: deny.map(parseCidr) });

test.each([
  ['10.0.0.0/8', 'ipv4', '10.0.0.0', 8],
  ['127.0.0.1', 'ipv4', '127.0.0.1', 32],
  ['255.255.255.255/32', 'ipv4', '255.255.255.255', 32],
  ['0.0.0.0/0', 'ipv4', '0.0.0.0', 0],
  ['192.0.2.128/25', 'ipv4', '192.0.2.128', 25],
  ['::1', 'ipv6', '::1', 128],
  ['::/0', 'ipv6', '::', 0],
  ['fe80::/10', 'ipv6', 'fe80::', 10],
  ['2001:DB8:0:0:0:0:0:0/32', 'ipv6', '2001:db8::', 32],
  ['2001:db8:0:1:0:0:2:0/111', 'ipv6', '2001:db8:0:1::2:0', 111],
  ['64:ff9b::192.0.2.0/120', 'ipv6', '64:ff9b::c000:200', 120],
  ['::ffff:10.0.0.0/104', 'ipv4', '10.0.0.0', 8],
  ['::ffff:127.0.0.1', 'ipv4', '127.0.0.1', 32],
])('%s is an %s network', (text, family, network, bits) => {
  expect(parseCidr(text)).toEqual({ family, network, bits });
});

test.each([
  ['10.0.0.5/8', 'give 10.0.0.0/8, or 10.0.0.5 for this address alone'],
  ['192.0.2.1/0', 'give 0.0.0.0/0, or 192.0.2.1'],
  ['2001:db8::1/64', 'give 2001:db8::/64, or 2001:db8::1'],
  ['fe80::/9', 'give fe80::/9'],
  ['::ffff:10.0.0.5/104', 'give 10.0.0.0/8'],
])('%s has bits after its prefix: the error names the network', (text, message) => {
  if (text === 'fe80::/9') return expect(parseCidr(text)).toMatchObject({ network: 'fe80::' });
  expect(() => parseCidr(text)).toThrow(InvalidArgumentError);
  expect(() => parseCidr(text)).toThrow(message);
});

test.each([
  '',
  '10',
  '10.0.0/8',
  '10.0.0.0/',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '::1/129',
  '::g',
  'localhost',
  'fe80::1%eth0',
  '10.0.0.0/8/8',
  '/8',
  '010.0.0.1',
])('%j is no network', (text) => {
  expect(() => parseCidr(text)).toThrow(InvalidArgumentError);
  expect(() => parseCidr(text)).toThrow('10.0.0.0/8, ::1, fe80::/10');
});

test('without a rule everybody is let in', () => {
  expect(['203.0.113.1', '2001:db8::1', ''].map(rule([]))).toEqual([true, true, true]);
});

test('with --allow only those are let in, and --deny wins', () => {
  const isLetIn = rule(['10.0.0.0/8', '::1'], ['10.9.0.0/16']);
  expect(['10.8.255.255', '10.9.0.0', '10.9.255.255', '10.10.0.0', '11.0.0.0'].map(isLetIn)).toEqual([true, false, false, true, false]);
  expect(['::1', '::2', '127.0.0.1'].map(isLetIn)).toEqual([true, false, false]);
});

test('with --deny alone all others are let in', () => {
  const isLetIn = rule([], ['192.0.2.0/24', 'fe80::/10']);
  expect(['192.0.2.255', '192.0.3.0', 'febf::1', 'fec0::1'].map(isLetIn)).toEqual([false, true, false, true]);
});

test('an IPv4-mapped address is the IPv4 address, in every spelling, and in no IPv6 network', () => {
  const isLetIn = rule(['0.0.0.0/0', '::/0'], ['10.0.0.0/8']);
  expect(['::ffff:10.1.2.3', '::FFFF:a01:203', '0:0:0:0:0:ffff:10.1.2.3', '::ffff:11.1.2.3'].map(isLetIn)).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(rule(['::/0'])('::ffff:10.1.2.3')).toBe(false);
  expect(rule([], ['::/0'])('10.1.2.3')).toBe(true);
});

test('a zone does not hide an address', () => {
  expect(rule([], ['fe80::/10'])('fe80::1%lo')).toBe(false);
});

test('the peer of a unix socket is let in, and a text that is not an address is not', () => {
  const isLetIn = rule(['10.0.0.0/8']);
  expect([isLetIn(''), isLetIn('localhost'), isLetIn('10.0.0.1.')]).toEqual([true, false, false]);
});

test('the address Node.js gives for an IPv4 client of a [::] socket is judged as IPv4', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const endpoint = await listenTcp(server, parseEndpoint('tcp://[::]:0', 'tcp'));
  const accepted = once(server, 'connection');
  const client = await connected({ host: '127.0.0.1', port: Number(/\d+$/.exec(endpoint)?.[0]) });
  const [{ remoteAddress }] = (await accepted) as [{ remoteAddress: string }];
  client.destroy();
  expect(isIPv6(remoteAddress)).toBe(true);
  expect(rule(['127.0.0.0/8'])(remoteAddress)).toBe(true);
  expect(rule([], ['127.0.0.1'])(remoteAddress)).toBe(false);
});

test('--allow and --deny give networks, with commas or repeated', async () => {
  const program = createProgram({ name: 'demo', version: '1.0.0', description: '' });
  for (const each of addressOptions('demo')) program.addOption(each);
  program.action(() => undefined);
  await program.parseAsync(['--allow', '10.0.0.0/8,::1', '--allow', '127.0.0.1'], { from: 'user' });
  expect(program.opts()).toEqual({ allow: ['10.0.0.0/8', '::1', '127.0.0.1'].map(parseCidr), ipv6Prefix: 56 });
  await expect(program.parseAsync(['--deny', '10.0.0.1/8'], { from: 'user' })).rejects.toThrow("option '--deny <cidr>'");
  for (const bits of ['0', '129', '/64']) {
    await expect(program.parseAsync(['--ipv6-prefix', bits], { from: 'user' })).rejects.toThrow('give a whole number from 1 to 128');
  }
});
