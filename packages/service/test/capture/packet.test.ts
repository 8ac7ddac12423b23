import { expect, test } from 'vitest';
import { ACK, PSH } from '../../src/capture/flags.ts';
import { datagramPacket, packetOf } from '../../src/capture/packet.ts';

const segment = { sequence: 1, acknowledged: 2 ** 32 + 3, flags: PSH | ACK, payload: Buffer.from('hi!') };

/** The Internet checksum of all is 0 when the one inside is right. */
function isRight(...runs: readonly Buffer[]): boolean {
  const bytes = Buffer.concat([...runs, Buffer.alloc(runs.reduce((sum, run) => sum + run.length, 0) % 2)]);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

test('a segment over IPv4 has lengths and checksums that are right', () => {
  const packet = packetOf({ ...segment, from: { host: '192.0.2.7', port: 5000 }, to: { host: '::ffff:192.0.2.1', port: 9100 } });
  expect(packet.length).toBe(43);
  expect([packet[0], packet.readUInt16BE(2), packet[9], packet.toString('hex', 12, 20)]).toEqual([0x45, 43, 6, 'c0000207c0000201']);
  expect(isRight(packet.subarray(0, 20))).toBe(true);
  expect(isRight(packet.subarray(12, 20), Buffer.from([0, 6, 0, 23]), packet.subarray(20))).toBe(true);
  expect([packet.readUInt16BE(20), packet.readUInt16BE(22), packet.readUInt32BE(24), packet.readUInt32BE(28)]).toEqual([5000, 9100, 1, 3]);
  expect(packet.toString('latin1', 40)).toBe('hi!');
});

test('one end with an IPv6 address makes it IPv6, and an end without an address is loopback', () => {
  const packet = packetOf({ ...segment, from: { host: 'fe80::7%eth0', port: 1 }, to: { host: '', port: 0 } });
  expect([packet[0]! >> 4, packet.readUInt16BE(4), packet[6]]).toEqual([6, 23, 6]);
  expect(packet.toString('hex', 8, 40)).toBe('fe80000000000000000000000000000700000000000000000000ffff7f000001');
  expect(isRight(packet.subarray(8, 40), Buffer.from([0, 23, 0, 6]), packet.subarray(40))).toBe(true);
});

test('a datagram over IPv4 and IPv6 has lengths and checksums that are right', () => {
  const [from, to, payload] = [{ host: '127.0.0.1', port: 5000 }, { host: '127.0.0.1', port: 9100 }, Buffer.from('hi!')];
  const packet = datagramPacket({ from, to, payload });
  expect([packet.length, packet.readUInt16BE(2), packet[9], packet.readUInt16BE(24)]).toEqual([31, 31, 17, 11]);
  expect(isRight(packet.subarray(0, 20))).toBe(true);
  expect(isRight(packet.subarray(12, 20), Buffer.from([0, 17, 0, 11]), packet.subarray(20))).toBe(true);
  const wide = datagramPacket({ from: { host: '::1', port: 5000 }, to: { host: '::1', port: 9100 }, payload });
  expect([wide.length, wide.readUInt16BE(4), wide[6]]).toEqual([51, 11, 17]);
  expect(isRight(wide.subarray(8, 40), Buffer.from([0, 11, 0, 17]), wide.subarray(40))).toBe(true);
});
