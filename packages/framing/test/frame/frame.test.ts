import { expect, expectTypeOf, test } from 'vitest';
import {
  asciiDecimal,
  asciiHex,
  constant,
  crc32,
  createFrameWriter,
  frame,
  i32be,
  mqttVarint,
  sum,
  u16be,
  u24le,
  u32be,
  u64be,
  u8,
  varint,
  xor,
} from '../../src/index.ts';
import { checkCodec, decodeAll, drip, everySplit, sticky } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, toHex } from '../support/bytes.ts';
import type { ByteCodec, Bytes, BytesIn, Codec, FrameErrorCode, HeaderAndPayload } from '../../src/index.ts';

const tpkt = frame({ header: { magic: constant(3, 0), length: u16be }, counts: 'frame' });
const amqp = frame({ header: { type: u8, channel: u16be, length: u32be }, trailer: constant(0xce) });
const full = frame({
  header: { magic: constant(0xca, 0xfe), kind: u8, length: varint(), version: constant(1), stream: u24le },
  padding: { to: 4, with: 0xaa },
  trailer: crc32({ covers: 'headerAndPayload' }),
});

test('the order of the keys is the order on the wire', () => {
  expect(toHex(tpkt.encode(bytes('hi')))).toBe('03 00 00 06 68 69');
  expect(toHex(amqp.encode({ header: { type: 1, channel: 2 }, payload: bytes('hi') }))).toBe('01 00 02 00 00 00 02 68 69 ce');
  const last = frame({ header: { length: u16be, kind: u8 } });
  expect(toHex(last.encode({ header: { kind: 7 }, payload: bytes('hi') }))).toBe('00 02 07 68 69');
});

test.each([
  ['payload', '09 00 02 07 68 69 ce'],
  ['afterLength', '09 00 04 07 68 69 ce'],
  ['frame', '09 00 07 07 68 69 ce'],
  [{ plus: 1 }, '09 00 03 07 68 69 ce'],
  [{ plus: -2 }, '09 00 00 07 68 69 ce'],
] as const)('counts %j: the length says what it counts', (counts, wire) => {
  const codec = frame({ header: { a: constant(9), length: u16be, b: constant(7) }, trailer: constant(0xce), counts });
  expect(toHex(codec.encode(bytes('hi')))).toBe(wire);
  checkCodec(codec, [bytes('hi'), bytes('longer payload'), pattern(40)]);
});

test.each<[string, ByteCodec, string]>([
  ['varint', frame({ header: { length: varint() } }), '02 68 69'],
  ['mqttVarint', frame({ header: { length: mqttVarint } }), '02 68 69'],
  ['asciiDecimal', frame({ header: { length: asciiDecimal({ end: ':' }) }, trailer: constant(0x2c) }), '32 3a 68 69 2c'],
  ['asciiHex', frame({ header: { length: asciiHex(4) }, counts: 'frame' }), '30 30 30 36 68 69'],
  ['to: 4', frame({ header: { length: u8 }, padding: { to: 4, with: 0xaa } }), '02 68 69 aa aa'],
  ['to: function', frame({ header: { length: u8 }, padding: { to: (payloadBytes) => payloadBytes % 2 } }), '02 68 69'],
  ['sum', frame({ header: { length: u8 }, trailer: sum() }), '02 68 69 d1'],
  ['xor over header', frame({ header: { length: u8 }, trailer: xor({ covers: 'headerAndPayload' }) }), '02 68 69 03'],
  ['crc32', frame({ header: { length: u8 }, trailer: crc32() }), '02 68 69 d8 93 2a ac'],
])('%s: is read back however it is cut', (_, codec, wire) => {
  expect(toHex(codec.encode(bytes('hi')))).toBe(wire);
  checkCodec(codec, [bytes('hi'), bytes(''), pattern(7), pattern(130), bytes('')]);
});

test('fields of the header come with the payload, however the stream is cut', () => {
  checkCodec(amqp, [
    { header: { type: 1, channel: 0 }, payload: bytes('hi') },
    { header: { type: 255, channel: 65_535 }, payload: bytes('') },
    { header: { type: 8, channel: 1 }, payload: pattern(40) },
  ]);
  checkCodec(full, [
    { header: { kind: 1, stream: 2 }, payload: pattern(3) },
    { header: { kind: 0, stream: 0xffffff }, payload: bytes('') },
    { header: { kind: 0, stream: 0x010203 }, payload: pattern(140) },
  ]);
});

interface Fault {
  readonly name: string;
  readonly codec: Codec<unknown, never>;
  readonly good: Bytes;
  readonly bad: string;
  readonly code: FrameErrorCode;
  /** After how many bytes the fault shows. */
  readonly after: number;
}

const small = frame({ header: { length: u16be, version: constant(1) }, maxPayloadBytes: 5 });
const wide = frame({ header: { id: u64be, length: u8 } });
const checked = frame({ header: { length: u8 }, trailer: crc32() });
const decimal = frame({ header: { length: asciiDecimal({ end: ':', maxDigits: 3 }) } });
const typed = amqp.encode({ header: { type: 1, channel: 0 }, payload: bytes('hi') });
const faults: readonly Fault[] = [
  { name: 'first magic byte', codec: tpkt, good: tpkt.encode(bytes('hi')), bad: '04 00 00', code: 'FRAME_ERR_BAD_MAGIC', after: 1 },
  { name: 'second magic byte', codec: tpkt, good: tpkt.encode(bytes('hi')), bad: '03 01', code: 'FRAME_ERR_BAD_MAGIC', after: 2 },
  {
    name: 'magic after the length',
    codec: small,
    good: small.encode(bytes('hi')),
    bad: 'ff ff 02 00',
    code: 'FRAME_ERR_BAD_MAGIC',
    after: 3,
  },
  { name: 'over the limit', codec: small, good: small.encode(bytes('hi')), bad: '00 06 01 00', code: 'FRAME_ERR_TOO_LARGE', after: 3 },
  {
    name: 'less than the header',
    codec: tpkt,
    good: tpkt.encode(bytes('')),
    bad: '03 00 00 03',
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    after: 4,
  },
  {
    name: 'negative',
    codec: frame({ header: { length: i32be }, counts: { plus: -4 } }),
    good: fromHex('00 00 00 00 61 62 63 64'),
    bad: 'ff ff ff ff',
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    after: 4,
  },
  { name: 'trailer', codec: amqp, good: typed, bad: '01 00 00 00 00 00 01 61 cf', code: 'FRAME_ERR_BAD_TRAILER', after: 9 },
  {
    name: 'checksum',
    codec: checked,
    good: checked.encode(bytes('hi')),
    bad: '02 68 6a d8 93 2a ac',
    code: 'FRAME_ERR_BAD_CHECKSUM',
    after: 7,
  },
  {
    name: 'varint of six bytes',
    codec: frame({ header: { length: varint() } }),
    good: fromHex('01 61'),
    bad: 'ff ff ff ff ff 7f',
    code: 'FRAME_ERR_OVERLONG_VARINT',
    after: 5,
  },
  {
    name: 'varint longer than it needs',
    codec: frame({ header: { length: varint() } }),
    good: fromHex('01 61'),
    bad: '85 00 01',
    code: 'FRAME_ERR_OVERLONG_VARINT',
    after: 2,
  },
  {
    name: 'varint of eight bytes, beyond 2^53',
    codec: frame({ header: { length: varint({ maxBytes: 8 }) } }),
    good: fromHex('01 61'),
    bad: 'ff ff ff ff ff ff ff 7f',
    code: 'FRAME_ERR_UNSAFE_INTEGER',
    after: 8,
  },
  { name: 'no digit', codec: decimal, good: fromHex('31 3a 61'), bad: '3a', code: 'FRAME_ERR_MALFORMED_LENGTH', after: 1 },
  { name: 'leading zero', codec: decimal, good: fromHex('31 3a 61'), bad: '30 37 3a', code: 'FRAME_ERR_MALFORMED_LENGTH', after: 2 },
  {
    name: 'letter in the digits',
    codec: decimal,
    good: fromHex('31 3a 61'),
    bad: '37 61 3a',
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    after: 2,
  },
  { name: 'too many digits', codec: decimal, good: fromHex('31 3a 61'), bad: '31 32 33 34', code: 'FRAME_ERR_HEADER_TOO_LONG', after: 4 },
  {
    name: 'no hexadecimal digit',
    codec: frame({ header: { length: asciiHex(4) } }),
    good: fromHex('30 30 30 31 61'),
    bad: '30 30 67 30',
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    after: 3,
  },
  {
    name: 'field beyond 2^53',
    codec: wide,
    good: wide.encode({ header: { id: 2 ** 53 - 1 }, payload: bytes('a') }),
    bad: '00 20 00 00 00 00 00 00 00',
    code: 'FRAME_ERR_UNSAFE_INTEGER',
    after: 9,
  },
  {
    name: 'length beyond 2^53',
    codec: frame({ header: { length: u64be }, counts: 'frame' }),
    good: fromHex('00 00 00 00 00 00 00 08'),
    bad: '00 20 00 00 00 00 00 00',
    code: 'FRAME_ERR_UNSAFE_INTEGER',
    after: 8,
  },
  {
    name: 'padding that cannot be',
    codec: frame({ header: { length: u8 }, padding: { to: (n) => (n === 3 ? -1 : 0) } }),
    good: fromHex('01 61'),
    bad: '03',
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    after: 1,
  },
];

test.each(faults)(
  '$name: $code where it shows, after the frames before it, however the stream is cut',
  ({ codec, good, bad, code, after }) => {
    const wrong = fromHex(bad);
    const stream = sticky([good, good, wrong]);
    for (const chunks of [[stream], drip(stream), ...everySplit(stream)]) {
      const decoder = codec.createDecoder();
      let seen = 0;
      let pushed = 0;
      const error = frameErrorOf(() => {
        for (const chunk of chunks) {
          decoder.push(chunk);
          pushed += chunk.length;
          for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) seen++;
        }
        decoder.end();
      });
      expect(error).toMatchObject({ code, offset: 2 * good.length, frameIndex: 2 });
      expect(toHex(wrong).startsWith(error.hex)).toBe(true);
      expect([seen, decoder.bufferedBytes]).toEqual([2, 0]);
      if (chunks.length > 2) expect(pushed).toBe(2 * good.length + after);
      expect(frameErrorOf(() => decoder.next())).toBe(error);
    }
  },
);

test('says what was seen and what was expected', () => {
  const messages = faults.map(({ codec, bad }) => frameErrorOf(() => decodeAll(codec, [fromHex(bad)])).message.replace(/ \(frame 0.*/, ''));
  expect(messages).toMatchInlineSnapshot(`
    [
      "byte 0 of magic is 0x04, expected 0x03",
      "byte 1 of magic is 0x01, expected 0x00",
      "byte 0 of version is 0x02, expected 0x01",
      "payload of 6 bytes, limit 5",
      "length 3 is less than the 4 bytes it counts besides the payload",
      "length -1 is negative",
      "byte 0 of the trailer is 0xcf, expected 0xce",
      "crc32 is 0xd8932aac, but the received bytes give 0x419a7b16",
      "varint continues after 5 bytes, which is the limit",
      "varint ends in a byte of 0, so it is longer than its number needs",
      "length of about 72057594037927940 bytes, limit 1048576",
      "a length has ":" (0x3a) where a digit is expected",
      "a length has a leading zero",
      "a length has "a" (0x61) where a digit or ":" (0x3a) is expected",
      "a length has more than 3 digits, which is the limit",
      "a length has "g" (0x67) where a hexadecimal digit is expected",
      "id is beyond 2^53 − 1",
      "length of about 9007199254740992 bytes, limit 1048576",
      "no padding can follow a payload of 3 bytes",
    ]
  `);
});

test('the encoder refuses what could not be read back, and writes nothing', () => {
  const writer = createFrameWriter();
  const negative = frame({ header: { length: u8 }, counts: { plus: -3 } });
  const odd = frame({ header: { length: u8 }, padding: { to: () => Number.NaN } });
  for (const [codec, payload, code] of [
    [small, pattern(6), 'FRAME_ERR_TOO_LARGE'],
    [negative, pattern(2), 'FRAME_ERR_PAYLOAD'],
    [odd, pattern(2), 'FRAME_ERR_PAYLOAD'],
  ] as const) {
    expect(frameErrorOf(() => codec.encode(payload)).code).toBe(code);
    expect(frameErrorOf(() => codec.encodeInto(writer, payload)).code).toBe(code);
  }
  for (const header of [{ type: 256, channel: 0 }, { type: 1, channel: -1 }, { type: 1.5, channel: 0 }, { type: 1 } as never]) {
    expect(frameErrorOf(() => amqp.encodeInto(writer, { header, payload: bytes('') })).code).toBe('FRAME_ERR_TOO_LARGE');
  }
  expect(writer.length).toBe(0);
});

test('types follow the header', () => {
  expectTypeOf(tpkt).toEqualTypeOf<ByteCodec>();
  expectTypeOf(frame({ header: { length: varint() } })).toEqualTypeOf<ByteCodec>();
  expectTypeOf(frame({ header: { type: u8, length: u32be }, emit: 'frame' })).toEqualTypeOf<ByteCodec>();
  type Header = { readonly type: number; readonly channel: number };
  expectTypeOf(amqp).toExtend<Codec<HeaderAndPayload<Header>, HeaderAndPayload<Header, BytesIn>>>();
  expectTypeOf(amqp.createDecoder().next()).toExtend<HeaderAndPayload<Header> | undefined>();
  expectTypeOf<NonNullable<ReturnType<ReturnType<typeof amqp.createDecoder>['next']>>['header']>().toEqualTypeOf<Header>();
  // @ts-expect-error A field is missing.
  expect(() => amqp.encode({ header: { type: 1 }, payload: bytes('') })).toThrow();
  // @ts-expect-error The header needs a length.
  expect(() => frame({ header: { type: u8 } })).toThrow(RangeError);
});
