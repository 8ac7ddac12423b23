import { expect, test } from 'vitest';
import { ACK, FIN, RST, SYN } from '../../../src/capture/flags.ts';
import { pcapng } from '../../../src/capture/pcapng.ts';
import { readCapture } from '../../../src/capture/reading/index.ts';
import { pcap, segment, SERVER, told } from './captures.ts';

const HANDSHAKE = [segment(99, '', { flags: SYN }), segment(499, '', { flags: SYN | ACK, from: SERVER }), segment(100, '', { flags: ACK })];

test('what comes out of order is put in order, and what comes again is left out', () => {
  const capture = readCapture(
    pcap([
      ...HANDSHAKE,
      segment(103, 'lo'),
      segment(100, 'hel'),
      segment(500, 'hi', { from: SERVER }),
      segment(100, 'hello, w'),
      segment(108, 'orld', { flags: FIN | ACK }),
    ]),
  );
  expect(told(capture)).toEqual([['client hel', 'client lo', 'server hi', 'client , w', 'client orld', 'client fin']]);
  const { client, server, hasBeginning } = capture.streams[0]!;
  expect(client).toEqual({
    host: '192.0.2.7',
    port: 40_000,
    byteLength: 12,
    missingBytes: 0,
    retransmittedBytes: 5,
    outOfOrderSegments: 1,
  });
  expect([server.host, server.byteLength, hasBeginning]).toEqual(['192.0.2.1', 2, true]);
});

test('bytes that no packet has are told as missing where they are missing, before what follows', () => {
  const packets = [...HANDSHAKE, segment(100, 'one'), segment(106, 'three'), segment(500, 'ok', { from: SERVER })];
  expect(told(readCapture(pcap([...packets, segment(114, '', { flags: FIN | ACK })])))).toEqual([
    ['client one', 'client lacks 3', 'client three', 'server ok', 'client lacks 3', 'client fin'],
  ]);
});

test('a segment that another fills later is waited for', () => {
  const packets = [...HANDSHAKE, segment(103, 'lo'), segment(500, 'ok', { from: SERVER }), segment(100, 'hel')];
  expect(told(readCapture(pcap(packets)))).toEqual([['server ok', 'client hel', 'client lo']]);
});

test('a capture that begins amid a connection has what came since, and takes the higher port for the client', () => {
  const { streams } = readCapture(pcap([segment(700, 'y', { from: SERVER }), segment(2 ** 32 - 2, 'abc'), segment(1, 'd')]));
  expect(told({ streams } as never)).toEqual([['server y', 'client abc', 'client d']]);
  expect([streams[0]!.hasBeginning, streams[0]!.client.port]).toEqual([false, 40_000]);
});

test('a reset is told when it comes, and the same ports used again are another stream', () => {
  const again = [segment(5000, '', { flags: SYN }), segment(5001, 'two'), segment(5001, 'two')];
  const packets = [...HANDSHAKE, HANDSHAKE[0]!, segment(100, 'one'), segment(500, '', { flags: RST, from: SERVER }), ...again];
  expect(told(readCapture(pcap(packets)))).toEqual([['client one', 'server reset'], ['client two']]);
});

test('what a capture of our own says is read back, with its times and addresses', () => {
  const written: Uint8Array[] = [];
  let time = 1_700_000_000_000;
  const capture = pcapng({ write: (bytes) => void written.push(bytes.slice()), now: () => (time += 0.25) });
  const connection = capture.connection({ host: 'fe80::7', port: 5000 }, { host: '2001:db8::', port: 9100 });
  connection.data('client', Buffer.from('hello'));
  connection.data('server', Buffer.from('hi'));
  connection.end('client', 'fin');
  connection.end('server', 'fin');
  const file = Buffer.concat(written);
  const { streams, packets, isTorn } = readCapture(file);
  expect(told({ streams } as never)).toEqual([['client hello', 'server hi', 'client fin', 'server fin']]);
  const { startedAt, client, server, events } = streams[0]!;
  expect([packets, isTorn, startedAt, client.host, server.host]).toEqual([9, false, 1_700_000_000_000.25, 'fe80::7', '2001:db8::']);
  expect(events.map(({ ms }) => ms)).toEqual([0.75, 1, 1.25, 1.75]);
  expect(readCapture(file.subarray(0, -3)).isTorn).toBe(true);
});

test('what is no capture is refused with what was seen', () => {
  expect(() => readCapture(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n'))).toThrow(
    new RangeError('a capture is pcap or pcapng, received a file that begins with 47 45 54 20'),
  );
  expect(() => readCapture(Buffer.from('1f8b0800'.padEnd(48, '0'), 'hex'))).toThrow('which is gzip: unpack it first');
  expect(() => readCapture(Buffer.alloc(3))).toThrow('a capture has at least 24 bytes, received 3');
  expect(() => readCapture({ length: 2 ** 28 + 1 } as never)).toThrow('a capture of 268435457 bytes, limit 268435456');
});
