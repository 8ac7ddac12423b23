import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { packetOf } from '../../../src/capture/packet.ts';
import { readCapture } from '../../../src/capture/reading/index.ts';
import { pcap, segment, told } from './captures.ts';

const ONE = segment(1, 'hi');
const ETHERNET = Buffer.from('0200000000010200000000020800', 'hex');
const IPV6 = packetOf({
  from: { host: '2001:db8::1', port: 40_000 },
  to: { host: '::1', port: 80 },
  sequence: 1,
  acknowledged: 1,
  flags: 0x18,
  payload: Buffer.from('hi'),
});
const joined = (hex: string, packet: Uint8Array): Buffer => Buffer.concat([Buffer.from(hex, 'hex'), packet]);

test.each<[string, number, Uint8Array]>([
  ['raw IP', 101, ONE],
  ['raw IPv6', 229, IPV6],
  ['Ethernet', 1, Buffer.concat([ETHERNET, ONE])],
  ['Ethernet, filled up to 60 bytes', 1, Buffer.concat([ETHERNET, ONE, Buffer.alloc(60 - 14 - ONE.length)])],
  ['Ethernet with two VLAN tags', 1, joined('02000000000102000000000288a80001810000020800', ONE)],
  ['loopback of BSD', 0, joined('02000000', ONE)],
  ['loopback of OpenBSD', 108, joined('00000002', ONE)],
  ["Linux's any", 113, joined('00000304000600000000000000000800', ONE)],
  ["Linux's any, the second", 276, joined('0800000000000001030400060000000000000000', ONE)],
])('%s is read', (_, linkType, packet) => {
  expect(told(readCapture(pcap([packet], { linkType })))).toEqual([['client hi']]);
});

test.each([
  { isLittle: true, isNano: false },
  { isLittle: false, isNano: false },
  { isLittle: true, isNano: true },
  { isLittle: false, isNano: true },
])('pcap of %j has its times', (form) => {
  const { streams } = readCapture(pcap([ONE, segment(3, '!')], form));
  expect([streams[0]!.startedAt, streams[0]!.events.map(({ ms }) => ms)]).toEqual([1_700_000_000_000.5, [0, 1]]);
});

test('packets that are no part of a stream are counted by the reason', () => {
  const udp = Buffer.from(ONE);
  udp[9] = 17;
  const fragment = Buffer.from(ONE);
  fragment.writeUInt16BE(0x20_00, 6);
  const arp = joined('0200000000010200000000020806', Buffer.alloc(28));
  expect(readCapture(pcap([udp, fragment, ONE.subarray(0, 30), ONE])).otherPackets).toEqual({
    'not TCP': 1,
    'fragments of IP packets': 1,
    'cut before the end of a header': 1,
  });
  expect(readCapture(pcap([arp], { linkType: 1 })).otherPackets).toEqual({ 'not TCP': 1 });
  expect(readCapture(pcap([ONE], { linkType: 147 })).otherPackets).toEqual({ 'of a link type that is not read': 1 });
});

test('addresses are written as RFC 5952 writes them', () => {
  const { client, server } = readCapture(pcap([IPV6])).streams[0]!;
  expect([client.host, server.host]).toEqual(['2001:db8::1', '::1']);
});

test('a packet that was captured in part lacks the rest of its bytes', () => {
  expect(told(readCapture(pcap([segment(1, 'hello!').subarray(0, -2), segment(7, '?')])))).toEqual([
    ['client hell', 'client lacks 2', 'client ?'],
  ]);
});

test('whatever bytes come, a capture is read or refused', () => {
  const file = pcap([Buffer.concat([ETHERNET, ONE]), Buffer.concat([ETHERNET, segment(3, 'there')])], { linkType: 1 });
  for (let at = 0; at < file.length; at++) {
    for (const byte of [0, 0xff, file[at]! ^ 0x40]) {
      const broken = Buffer.from(file);
      broken[at] = byte;
      try {
        readCapture(broken);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        expect((error as Error).message).toMatch(/^a capture is pcap or pcapng/);
      }
    }
  }
});

test('the reader needs nothing of Node.js: the page reads captures too', () => {
  const folder = `${import.meta.dirname}/../../../src/capture/reading`;
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const imports = sources.flatMap((source) => [...source.matchAll(/from '([^']+)'/g)].map(([, from]) => from));
  expect(imports.filter((from) => !/^\.\/[\w-]+\.ts$|^\.\.\/flags\.ts$/.test(from!))).toEqual([]);
  expect(sources.filter((source) => /\b(Buffer|process)\b/.test(source))).toEqual([]);
});

/** Where tshark is not installed this test does not run, and with SOCKLAB_REQUIRE_PEERS=1 it must. */
const hasTshark = process.env['SOCKLAB_REQUIRE_PEERS'] === '1' || spawnSync('tshark', ['--version']).status === 0;

test.runIf(hasTshark)('tshark follows the same streams to the same bytes', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'x.pcap');
  const texts = ['hel', 'lo', ', wo', 'rld'];
  const offsets = [1, 4, 6, 10];
  const order = [2, 0, 1, 0, 3];
  writeFileSync(file, pcap([segment(0, '', { flags: 2 }), ...order.map((at) => segment(offsets[at]!, texts[at]!))]));
  const followed = spawnSync('tshark', ['-r', file, '-q', '-z', 'follow,tcp,raw,0'], { encoding: 'utf8' }).stdout;
  const bytes = Buffer.from((followed.match(/^[\da-f]+$/gm) ?? []).join(''), 'hex');
  const { events } = readCapture(readFileSync(file)).streams[0]!;
  expect(Buffer.concat(events.map((event) => event.bytes!)).toString()).toBe(bytes.toString());
  expect(bytes.toString()).toBe('hello, world');
});
