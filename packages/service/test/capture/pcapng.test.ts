import { expect, test } from 'vitest';
import { pcapng } from '../../src/capture/pcapng.ts';
import type { PcapngConnection } from '../../src/index.ts';

interface Packet {
  readonly micros: bigint;
  readonly packet: Buffer;
}

/** The packets of a capture; every block is checked to be whole and as long as it says. */
function packetsOf(talk: (connection: PcapngConnection) => void): readonly Packet[] {
  const written: Buffer[] = [];
  let time = 1_700_000_000_000;
  const capture = pcapng({ write: (bytes) => void written.push(Buffer.from(bytes)), now: () => (time += 0.25) });
  talk(capture.connection({ host: '192.0.2.7', port: 5000 }, { host: '192.0.2.1', port: 9100 }));
  const file = Buffer.concat(written);
  const packets: Packet[] = [];
  for (let at = 0; at < file.length;) {
    const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
    expect([length % 4, file.readUInt32LE(at + length - 4)]).toEqual([0, length]);
    if (type === 6) {
      const micros = (BigInt(file.readUInt32LE(at + 12)) << 32n) | BigInt(file.readUInt32LE(at + 16));
      packets.push({ micros, packet: file.subarray(at + 28, at + 28 + file.readUInt32LE(at + 20)) });
    }
    at += length;
  }
  expect([file.readUInt32LE(0), file.readUInt32LE(8), file.readUInt16LE(36)]).toEqual([0x0a_0d_0d_0a, 0x1a_2b_3c_4d, 101]);
  return packets;
}

/** Ports, sequence, acknowledgement, flags and bytes of a packet over IPv4. */
function shown({ packet }: Packet): string {
  const flags = ['F', 'S', 'R', 'P', 'A'].filter((_, bit) => (packet[33]! & (1 << bit)) !== 0).join('');
  return `${packet.readUInt16BE(20)} ${packet.readUInt32BE(24)} ${packet.readUInt32BE(28)} ${flags} ${packet.toString('latin1', 40)}`.trim();
}

test('a connection is a handshake, its bytes with numbers that add up, and its ends', () => {
  const packets = packetsOf((connection) => {
    connection.data('client', Buffer.from('hello'));
    connection.data('server', Buffer.from('hi'));
    connection.end('client', 'fin');
    connection.end('server', 'reset');
  });
  expect(packets.map(shown)).toEqual([
    '5000 0 0 S',
    '9100 0 1 SA',
    '5000 1 1 A',
    '5000 1 1 PA hello',
    '9100 1 6 PA hi',
    '5000 6 3 FA',
    '9100 3 7 A',
    '9100 3 7 RA',
  ]);
  expect(packets.map(({ micros }) => micros - 1_700_000_000_000_000n).slice(0, 3)).toEqual([250n, 500n, 750n]);
});

test('more bytes than fit into a packet are several, and none are no packet', () => {
  const packets = packetsOf((connection) => {
    connection.data('client', Buffer.alloc(130_001));
    connection.data('client', Buffer.alloc(0));
  });
  expect(packets.slice(3).map(({ packet }) => packet.length - 40)).toEqual([65_000, 65_000, 1]);
});
