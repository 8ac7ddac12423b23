import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc16, slip, stuffed, u16le, xor } from '../../../src/index.ts';
import { checkCodec, decodeAll, drip } from '../../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, toHex } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../../support/cuts.ts';

const HDLC = { flag: 0x7e, escape: 0x7d, replace: 0x20 } as const;
const JT808 = stuffed({
  flag: 0x7e,
  escape: 0x7d,
  replace: [
    [0x7e, 0x02],
    [0x7d, 0x01],
  ],
  checksum: xor(),
});
const SLIP = {
  flag: 0xc0,
  escape: 0xdb,
  replace: [
    [0xc0, 0xdc],
    [0xdb, 0xdd],
  ],
} as const;

test('the example of JT/T 808-2019, 4.4.2, with its checksum', () => {
  const payload = fromHex('30 7e 08 7d 55');
  expect(toHex(JT808.encode(payload))).toBe('7e 30 7d 02 08 7d 01 55 6e 7e');
  checkCodec(JT808, [payload, bytes('hi'), fromHex('7e 7d 7e 7d'), bytes('')]);
});

test('HDLC takes the escaped byte in exclusive or with 20, and reads any byte escaped', () => {
  const codec = stuffed({ ...HDLC, checksum: crc16('x25', { field: u16le }) });
  expect(toHex(codec.encode(bytes('123456789')))).toBe('7e 31 32 33 34 35 36 37 38 39 6e 90 7e');
  checkCodec(codec, [bytes('123456789'), fromHex('7e 7d 5e 20'), pattern(300)]);
  expect(decodeAll(stuffed(HDLC), [fromHex('7e 7d 23 c0 21 7d 21 7e')]).map(toHex)).toEqual(['03 c0 21 01']);
});

test('one flag ends a frame and begins the next, and flags between frames are idle', () => {
  expect(decodeAll(stuffed(HDLC), drip(fromHex('7e 61 7e 62 7e 7e 7e 63 7e'))).map(toHex)).toEqual(['61', '62', '63']);
});

test('SLIP is one case: the same bytes as the codec of that name', () => {
  const codec = stuffed(SLIP);
  for (const payload of [bytes('hi'), fromHex('c0 db dc dd'), pattern(300)]) expect(codec.encode(payload)).toEqual(slip().encode(payload));
  checkCodec(codec, [bytes('hi'), fromHex('c0 db dc dd')]);
});

test('an escape before a flag is an error, or a frame that its sender gave up', () => {
  const wire = fromHex('7e 61 62 7d 7e 63 7e');
  expect(outcomeOf(JT808, wire).error).toMatchObject({ code: 'FRAME_ERR_BAD_ESCAPE', offset: 1 });
  const codec = stuffed({ ...HDLC, aborted: 'skip' });
  for (const chunks of [[wire], drip(wire)]) expect(decodeAll(codec, chunks).map(toHex)).toEqual(['63']);
});

test('what is wrong has its code', () => {
  expect(outcomeOf(JT808, fromHex('7e 30 7d 03 7e')).error).toMatchObject({ code: 'FRAME_ERR_BAD_ESCAPE' });
  expect(outcomeOf(JT808, fromHex('7e 30 31 7e')).error).toMatchObject({ code: 'FRAME_ERR_BAD_CHECKSUM' });
  expect(outcomeOf(stuffed({ ...HDLC, checksum: crc16('x25') }), fromHex('7e 30 7e')).error?.message).toContain(
    'a frame of 1 bytes has no room for crc16',
  );
  expect(frameErrorOf(() => stuffed(SLIP).encode(bytes(''))).message).toBe('a stuffed payload has at least one byte, received 0');
});

test('throws FRAME_ERR_TOO_LARGE one byte over the limit, and not at it', () => {
  const codec = stuffed({ ...SLIP, maxPayloadBytes: 4 });
  checkCodec(codec, [fromHex('c0 c0 db db')]);
  expect(outcomeOf(codec, bytes('fives')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
});

test('a flag that cannot be escaped is a RangeError', () => {
  expect(() => stuffed({ flag: 1, escape: 1, replace: 0x20 })).toThrow('flag 0x01 and escape 0x01 must be two bytes');
  expect(() => stuffed({ flag: 1, escape: 2, replace: [[1, 3]] })).toThrow('each have an escape that is neither');
  expect(() => stuffed({ flag: 1, escape: 256, replace: 0x20 })).toThrow('256 is not a byte');
});

test('time is linear on one-byte chunks, and whatever bytes come, the cut decides nothing', () => {
  const stream = JT808.encode(pattern(20_000));
  expect(workOf(JT808, drip(stream))).toBeLessThanOrEqual(6 * stream.length);
  checkArbitraryBytes(stuffed({ ...SLIP, maxPayloadBytes: 5, aborted: 'skip' }), fc.constantFrom(0xc0, 0xdb, 0xdc, 0xdd, 7));
});
