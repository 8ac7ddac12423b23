import { expect, test } from 'vitest';
import { createSideDecoder, framingOf } from '../../src/index.ts';
import { drip, everySplit, randomSplits, sticky } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, toHex } from '../support/bytes.ts';
import { FILES } from './files.ts';
import type { Bytes, Layout, Side } from '../../src/index.ts';

/** What a side sends in the streams of real protocols, unit by unit; those of the preamble first. */
const STREAMS: readonly (readonly [string, string | Layout, Side, number, readonly string[]])[] = [
  [
    'PostgreSQL: TLS is refused',
    'postgres',
    'client',
    2,
    ['0000000804d2162f', '0000000900030000 00', '51 00000009 53 4c 43 31 00', '58 00000004'],
  ],
  [
    'PostgreSQL: GSSAPI and TLS are refused',
    'postgres',
    'server',
    2,
    ['4e', '4e', '52 00000008 00000000', '53 00000008 61 00 62 00', '5a 00000005 49'],
  ],
  ['PostgreSQL: nothing is asked for first', 'postgres', 'client', 1, ['0000000900030000 00', '58 00000004']],
  ['PostgreSQL: a server that was asked nothing', 'postgres', 'server', 0, ['52 00000008 00000000', '53 00000008 61 00 62 00']],
  ['PostgreSQL: a cancel request', 'postgres', 'client', 1, ['00000010 04d2162e 00000001 00000002']],
  ['AMQP', 'amqp', 'client', 1, ['414d515000000901', '01 0000 00000002 6869 ce', '08 0000 00000000 ce']],
  ['AMQP: the server begins with a frame', 'amqp', 'server', 0, ['01 0000 00000002 6869 ce']],
  ['AMQP: the server speaks another version', 'amqp', 'server', 1, ['414d515000000901']],
  ['WebSocket', 'websocket', 'client', 1, [toHex(bytes('GET /chat HTTP/1.1\r\nHost: x\r\n\r\n')), '81 85 37fa213d 7f9f4d5158']],
  [
    'WebSocket: the answer',
    'websocket',
    'server',
    1,
    [toHex(bytes('HTTP/1.1 101 Switching Protocols\r\n\r\n')), '81 05 48656c6c6f', '8a 00'],
  ],
  [
    'Erlang/OTP 25: the node that connects',
    FILES.get('erlang-distribution')!,
    'client',
    2,
    ['001a 4e0000000d07df7fbc575bf521000b61403132372e302e302e31', '0015 7250b07de3574fed791cadcca8e35e0e21bc2ce673', '00000000'],
  ],
  [
    'Erlang/OTP 25: the node that is connected to',
    FILES.get('erlang-distribution')!,
    'server',
    3,
    [
      '0003 736f6b',
      '001e 4e0000000d07df7fbd9ac3b1e8e158d4ea000b62403132372e302e302e31',
      '0011 61cdbe18ecaea67d274c8410fba83486db',
      '00000000',
    ],
  ],
  [
    'Erlang/OTP: the name is taken by a node that is alive, and that one is to go',
    FILES.get('erlang-distribution')!,
    'client',
    3,
    ['001a 4e0000000d07df7fbc575bf521000b61403132372e302e302e31', '0005 7374727565', `0015 72${'00'.repeat(20)}`, '00000000'],
  ],
  ['SOCKS5, then lines', socks5(), 'client', 2, ['05 01 00', '05 01 00 01 7f000001 0050', '68 69 0a']],
];

/** RFC 1928: methods, then a request of an IPv4 address. */
function socks5(): Layout {
  const methods: Layout = {
    kind: 'frame',
    header: [
      { name: 'version', bytes: '05' },
      { name: 'length', field: 'u8' },
    ],
    emit: 'frame',
  };
  const preamble = [
    { name: 'methods', from: 'client', startsWith: ['05'], frame: methods },
    { name: 'request', from: 'client', startsWith: ['05010001'], frame: 10 },
  ] as const;
  return { kind: 'line', ending: 'lf', preamble };
}

interface Unit {
  readonly hex: string;
  readonly isPreamble: boolean;
}

function decoded(framing: string | Layout, from: Side, chunks: readonly Bytes[]): readonly Unit[] {
  const decoder = createSideDecoder(framingOf(framing), from);
  const units: Unit[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    while (decoder.advance()) {
      const payload = decoder.payloadMemory.subarray(decoder.payloadStart, decoder.payloadEnd);
      units.push({ hex: toHex(new Uint8Array(payload)), isPreamble: decoder.isPreamble === true });
    }
  }
  decoder.end();
  expect(decoder.bufferedBytes).toBe(0);
  return units;
}

test.each(STREAMS)('%s: the preamble and the frames are found however they are cut', (_title, framing, from, preambleUnits, parts) => {
  const wire = sticky(parts.map(fromHex));
  const isLines = typeof framing !== 'string' && framing.kind === 'line';
  const expected = parts.map((part, index) => ({
    hex: toHex(fromHex(part).subarray(0, isLines && index >= preambleUnits ? -1 : undefined)),
    isPreamble: index < preambleUnits,
  }));
  for (const chunks of [[wire], drip(wire), ...everySplit(wire), ...randomSplits(wire, { seed: 1, count: 50 })]) {
    expect(decoded(framing, from, chunks)).toEqual(expected);
  }
});

test('a stream that ends inside the preamble is truncated', () => {
  const decoder = createSideDecoder(framingOf('amqp'), 'client');
  decoder.push(bytes('AMQ'));
  expect(decoder.advance()).toBe(false);
  expect([decoder.bufferedBytes, decoder.neededBytes]).toEqual([3, 1]);
  expect(frameErrorOf(() => decoder.end())).toMatchObject({
    code: 'FRAME_ERR_TRUNCATED',
    message: 'stream ended inside protocol header: 3 bytes of it arrived',
  });
});

test('what begins otherwise than it must is an error at its first byte', () => {
  const decoder = createSideDecoder(framingOf('amqp'), 'client');
  decoder.push(fromHex('16 03 01'));
  const error = frameErrorOf(() => decoder.advance());
  expect(error).toMatchObject({ code: 'FRAME_ERR_BAD_MAGIC', offset: 0, frameIndex: 0 });
  expect(error.message).toBe('protocol header begins with 414d5150, received 160301');
  expect(frameErrorOf(() => decoder.push(bytes('x')))).toBe(error);
});

test('after a consent to encryption every byte is of another protocol', () => {
  const decoder = createSideDecoder(framingOf('postgres'), 'server');
  decoder.push(fromHex('53'));
  expect([decoder.advance(), decoder.isPreamble, decoder.advance()]).toEqual([true, true, false]);
  decoder.push(fromHex('16 03 03'));
  expect(frameErrorOf(() => decoder.advance())).toMatchObject({ code: 'FRAME_ERR_BAD_MAGIC', offset: 1, frameIndex: 1 });
});

test('an error in the frames tells its place from the start of the stream', () => {
  const decoder = createSideDecoder(framingOf('amqp'), 'client');
  decoder.push(fromHex('414d515000000901 08 0000 00000000 ce 08 0000 00000000 cf'));
  expect([decoder.advance(), decoder.advance()]).toEqual([true, true]);
  expect(frameErrorOf(() => decoder.advance())).toMatchObject({ code: 'FRAME_ERR_BAD_TRAILER', offset: 16, frameIndex: 2 });
});

test('what was not decoded is taken for an upgrade', () => {
  const decoder = createSideDecoder(framingOf('websocket'), 'client');
  decoder.push(bytes('GET / HT'));
  expect(decoder.advance()).toBe(false);
  expect(decoder.detach()).toEqual(bytes('GET / HT'));
  expect(decoder.bufferedBytes).toBe(0);
});

test('a head that does not end is refused at 64 KiB', () => {
  const decoder = createSideDecoder(framingOf('websocket'), 'client');
  const chunk = bytes(`GET /${'x'.repeat(4091)}`);
  expect(
    frameErrorOf(() => {
      for (let chunks = 0; chunks < 20; chunks++) {
        decoder.push(chunk);
        decoder.advance();
      }
    }).code,
  ).toBe('FRAME_ERR_TOO_LARGE');
});
