import { expect, test } from 'vitest';
import * as framing from '../../src/index.ts';
import {
  codecOf,
  custom,
  delimited,
  erlang,
  fieldsCodecOf,
  FRAMINGS,
  fromNetty,
  layoutOf,
  line,
  octetCounted,
  u8,
} from '../../src/index.ts';
import { checkCodec, sticky } from '../../src/testing.ts';
import { bytes, pattern, toHex } from '../support/bytes.ts';
import { payloadLists } from '../support/payloads.ts';
import type { FramedLayout, Layout } from '../../src/index.ts';

/** A layout as it comes out of a file. */
function travelled(layout: Layout): Layout {
  return JSON.parse(JSON.stringify(layout)) as Layout;
}

test.each(FRAMINGS)('$name: the codec prints a layout, which makes a codec of the same bytes and prints itself', (entry) => {
  const codec = entry.create();
  const layout = layoutOf(codec);
  const made = codecOf(travelled(layout));
  expect([made.name, made.maxPayloadBytes]).toEqual([codec.name, codec.maxPayloadBytes]);
  expect(layoutOf(made)).toEqual(layout);
  for (const payloads of payloadLists(entry)) {
    const wire = toHex(sticky(payloads.map((payload) => codec.encode(payload))));
    expect(toHex(sticky(payloads.map((payload) => made.encode(payload))))).toBe(wire);
    if (entry.keepsBoundaries) checkCodec(made, payloads);
  }
});

test.each([
  line({ ending: 'crlf', unended: 'emit' }),
  delimited({ delimiters: ['\r\n', Uint8Array.of(0xff)], strip: false }),
  octetCounted({ fallback: 'lf', maxPayloadBytes: 99 }),
  fromNetty({ maxFrameLength: 99, lengthFieldOffset: 1, lengthFieldLength: 2, lengthAdjustment: -3, byteOrder: 'little' }),
  erlang({ packet: 2 }),
  framing.fixed(13),
  framing.contentLength({ maxHeaderBytes: 100 }),
  framing.frame({
    name: 'all',
    idle: framing.constant(0xfe),
    header: { start: framing.constant(0x68), spare: framing.reserved(2), length: framing.asciiHex(4, { letters: 'upper' }) },
    counts: { plus: 3 },
    padding: { to: 4, with: 9 },
    trailer: [framing.crc16('x25', { covers: { from: 'spare' } }), framing.sum({ modulus: 16, negate: true }), framing.constant(0x16)],
  }),
  ...[
    framing.ber({ maxBytes: 2, overlong: 'reject' }),
    framing.bcd(2),
    framing.varint({ maxBytes: 3, overlong: 'accept' }),
    framing.asciiDecimal({ digits: 4, pad: 'blank' }),
    framing.asciiDecimal({ end: '=', leadingZeros: 'accept' }),
    framing.atLeast(framing.i16le, 5),
  ].map((length) => framing.frame({ header: { length }, trailer: framing.crc8('smbus', { field: framing.u16le }), counts: 'payload' })),
])('codec %#, $name, prints a layout that makes it again', (codec) => {
  const layout = layoutOf(codec);
  const made = codecOf(travelled(layout));
  expect(layoutOf(made)).toEqual(layout);
  const payload = pattern(13);
  if (layout.kind === 'netty' || (layout.kind === 'delimited' && layout.strip === false)) return;
  expect(toHex(made.encode(payload))).toBe(toHex(codec.encode(payload)));
});

test.each([framing.modbus(), framing.grpc(), framing.mqtt(), framing.postgres(), framing.mysql(), framing.mongodb(), framing.amqp()])(
  '$name: fields are printed, and made again',
  (codec: framing.Codec<unknown, never>) => {
    const layout = travelled(layoutOf(codec)) as FramedLayout;
    const fields = layout.header.filter((part) => 'field' in part && part.name !== 'length').map((part) => [part.name, 1]);
    const message = { header: Object.fromEntries(fields) as Record<string, number>, payload: bytes('hi') };
    expect(toHex(fieldsCodecOf(layout).encode(message))).toBe(toHex(codec.encode(message as never)));
  },
);

test('what is made of functions of the program is no data', () => {
  const own = { ...u8, name: 'mine' };
  const unprintable = [
    custom({ name: 'own', measure: () => 1 }),
    framing.frame({ header: { length: own } }),
    framing.frame({ header: { length: u8 }, padding: { to: () => 1 } }),
    framing.frame({ header: { length: u8 }, trailer: { ...framing.sum() } }),
  ];
  for (const codec of unprintable) {
    expect(() => layoutOf(codec)).toThrow(`${codec.name} has functions of the program, so it cannot be written as a layout`);
  }
});

test('the limit of a layout holds, and a lower one of the program', () => {
  const layout = { kind: 'line', maxPayloadBytes: 100 } as const;
  expect([codecOf(layout), codecOf(layout, { maxPayloadBytes: 9 }), codecOf(layout, { maxPayloadBytes: 999 })]).toMatchObject([
    { maxPayloadBytes: 100 },
    { maxPayloadBytes: 9 },
    { maxPayloadBytes: 100 },
  ]);
  expect(() => codecOf(layout, { maxPayloadBytes: Number.NaN })).toThrow(RangeError);
  expect(() => codecOf({ kind: 'line', maxPayloadBytes: -1 })).toThrow(RangeError);
});
