import { expect, test } from 'vitest';
import { checkedChoice } from '../src/choice.ts';
import { constant, crc32, delimited, frame, fromNetty, line, octetCounted, raw, sum, u16be, u8, varint, xor } from '../src/index.ts';
import { bytes, frameErrorOf, fromHex, toHex } from './support/bytes.ts';

const wrong = 'refuse' as never;
const netty = { maxFrameLength: 9, lengthFieldOffset: 0, lengthFieldLength: 2 };

test('gives back a value that is allowed, and names one that is not with those that are', () => {
  expect(checkedChoice('overlong', 'accept', ['reject', 'accept'])).toBe('accept');
  expect(() => checkedChoice<unknown>('strip', undefined, [true, false])).toThrow('strip is undefined; allowed: true, false');
});

test.each([
  ['ending', 'lf, lf-or-crlf, crlf, any', () => line({ ending: wrong })],
  ['unended', 'error, emit', () => line({ unended: wrong })],
  ['unended', 'error, emit', () => delimited({ delimiters: ';', unended: wrong })],
  ['strip', 'true, false', () => delimited({ delimiters: ';', strip: wrong })],
  ['fallback', 'error, lf, lf-or-nul', () => octetCounted({ fallback: wrong })],
  ['overlong', 'reject, accept', () => varint({ overlong: wrong })],
  ['byteOrder', 'big, little', () => fromNetty({ ...netty, byteOrder: wrong })],
  ['covers', 'payload, headerAndPayload', () => crc32({ covers: wrong })],
  ['covers', 'payload, headerAndPayload', () => sum({ covers: wrong })],
  ['covers', 'payload, headerAndPayload', () => xor({ covers: wrong })],
  ['emit', 'payload, frame', () => frame({ header: { length: u8 }, emit: wrong })],
  ['counts', 'payload, afterLength, frame and { plus: n }', () => frame({ header: { length: u8 }, counts: wrong })],
  ['padding.to', 'a whole number and a function', () => frame({ header: { length: u8 }, padding: { to: wrong } })],
  ['payload', 'auto, view, copy', () => raw().createDecoder({ payload: wrong })],
])('refuses %s that is none of %s', (name, allowed, make) => {
  expect(make).toThrow(new RangeError(`${name} is "refuse"; allowed: ${allowed}`));
});

test('constants, trailers and padding are copies of what the caller gave', () => {
  const magic = { bytes: new Uint8Array(Buffer.from('M')) };
  const trailer = constant(0x54);
  const padding = { to: 4, with: 0x50 };
  const codec = frame({ header: { magic, length: u16be }, trailer, padding });
  magic.bytes.fill(0);
  trailer.bytes.fill(0);
  Object.assign(padding, { to: 8, with: 0 });
  expect(toHex(codec.encode(bytes('hi')))).toBe('4d 00 02 68 69 50 50 54');
});

test('padding that throws is FRAME_ERR_PAYLOAD with its cause, and the decoder is finished', () => {
  const cause = new Error('no idea');
  const codec = frame({
    header: { length: u8 },
    padding: {
      to: () => {
        throw cause;
      },
    },
  });
  expect(frameErrorOf(() => codec.encode(bytes('hi')))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', cause });
  const decoder = codec.createDecoder();
  decoder.push(fromHex('02 68 69'));
  const error = frameErrorOf(() => decoder.next());
  expect(error).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', cause, offset: 0, frameIndex: 0 });
  expect(frameErrorOf(() => decoder.end())).toBe(error);
});
