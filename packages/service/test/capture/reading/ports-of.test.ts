import { expect, test } from 'vitest';
import { datagramPacket } from '../../../src/capture/packet.ts';
import { portsOf } from '../../../src/capture/reading/index.ts';
import { segment } from './captures.ts';

const RAW_IP = 101;
const EIGHT_BYTES = Buffer.from('0303000000000000', 'hex');
const ipv4 = datagramPacket({ from: { host: '127.0.0.1', port: 5353 }, to: { host: '127.0.0.1', port: 9 }, payload: Buffer.from('hi') });
const ipv6 = datagramPacket({ from: { host: '::1', port: 5353 }, to: { host: '::1', port: 9 }, payload: Buffer.from('hi') });

/** An ICMP error about a packet, of which it has the headers. */
function errorAbout(packet: Buffer): Buffer {
  const error = Buffer.concat([packet.subarray(0, 20), EIGHT_BYTES, packet.subarray(0, 28)]);
  error.writeUInt16BE(error.length, 2);
  error.writeUInt8(1, 9);
  return error;
}

test.each([
  ['a datagram', ipv4, { transport: 'udp', ports: [5353, 9] }],
  ['a datagram over IPv6', ipv6, { transport: 'udp', ports: [5353, 9] }],
  ['a segment', segment(1, 'hi'), { transport: 'tcp', ports: [40_000, 80] }],
  ['an ICMP error about a datagram', errorAbout(ipv4), { transport: 'udp', ports: [5353, 9] }],
  ['an ICMP error about something else', errorAbout(errorAbout(ipv4)), undefined],
  ['an ICMP error that is cut', errorAbout(ipv4).subarray(0, 40), undefined],
  ['a datagram that is cut', ipv4.subarray(0, 22), undefined],
  ['nothing', Buffer.alloc(0), undefined],
])('%s has the ports that its header says', (_, bytes, ports) => {
  expect(portsOf({ bytes, linkType: RAW_IP })).toEqual(ports);
});
