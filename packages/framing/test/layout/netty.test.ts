import { expect, test } from 'vitest';
import { fromNetty } from '../../src/index.ts';
import { checkCodec, decodeAll, drip } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, toHex } from '../support/bytes.ts';
import type { NettyOptions } from '../../src/index.ts';

const HELLO = toHex(bytes('HELLO, WORLD'));

/** The seven examples in the documentation of LengthFieldBasedFrameDecoder: offset, length, adjustment, strip; wire and frame. */
const examples: readonly [string, readonly [number, number, number, number], string, string][] = [
  ['2 bytes length at offset 0, do not strip header', [0, 2, 0, 0], `00 0c ${HELLO}`, `00 0c ${HELLO}`],
  ['2 bytes length at offset 0, strip header', [0, 2, 0, 2], `00 0c ${HELLO}`, HELLO],
  ['the length is that of the whole message', [0, 2, -2, 0], `00 0e ${HELLO}`, `00 0e ${HELLO}`],
  ['3 bytes length at the end of 5 bytes header', [2, 3, 0, 0], `ca fe 00 00 0c ${HELLO}`, `ca fe 00 00 0c ${HELLO}`],
  ['3 bytes length at the beginning of 5 bytes header', [0, 3, 2, 0], `00 00 0c ca fe ${HELLO}`, `00 00 0c ca fe ${HELLO}`],
  ['2 bytes length in the middle of 4 bytes header, strip', [1, 2, 1, 3], `ca 00 0c fe ${HELLO}`, `fe ${HELLO}`],
  ['the same, the length is that of the whole message', [1, 2, -3, 3], `ca 00 10 fe ${HELLO}`, `fe ${HELLO}`],
];

function optionsOf([lengthFieldOffset, lengthFieldLength, lengthAdjustment, initialBytesToStrip]: readonly [
  number,
  number,
  number,
  number,
]) {
  return { maxFrameLength: 100, lengthFieldOffset, lengthFieldLength, lengthAdjustment, initialBytesToStrip };
}

test.each(examples)('%s', (_, numbers, wire, frame) => {
  const codec = fromNetty(optionsOf(numbers));
  for (const chunks of [[fromHex(wire)], drip(fromHex(wire))]) expect(decodeAll(codec, chunks).map(toHex)).toEqual([frame]);
  // What is stripped and is no length is written as 0.
  const stripsOthers = numbers[0] > 0 && numbers[3] > 0;
  expect(toHex(codec.encode(fromHex(frame)))).toBe(stripsOthers ? wire.replace(/^ca/, '00') : wire);
  checkCodec(codec, [fromHex(frame), fromHex(frame)]);
});

test('a length can be little-endian, and of 1, 4 and 8 bytes', () => {
  for (const [lengthFieldLength, byteOrder, wire] of [
    [1, 'little', '02 68 69'],
    [2, 'little', '02 00 68 69'],
    [3, 'little', '02 00 00 68 69'],
    [4, 'big', '00 00 00 02 68 69'],
    [4, 'little', '02 00 00 00 68 69'],
    [8, 'big', '00 00 00 00 00 00 00 02 68 69'],
    [8, 'little', '02 00 00 00 00 00 00 00 68 69'],
  ] as const) {
    const options = { maxFrameLength: 100, lengthFieldOffset: 0, lengthFieldLength, byteOrder, initialBytesToStrip: lengthFieldLength };
    const codec = fromNetty(options);
    expect(toHex(codec.encode(bytes('hi')))).toBe(wire);
    checkCodec(codec, [bytes('hi'), bytes(''), bytes('hello')]);
  }
});

test('maxFrameLength counts the whole frame, header and what is stripped included', () => {
  const codec = fromNetty({ maxFrameLength: 6, lengthFieldOffset: 0, lengthFieldLength: 4, initialBytesToStrip: 4 });
  expect([codec.name, codec.maxPayloadBytes]).toEqual(['netty', 2]);
  checkCodec(codec, [bytes('hi')]);
  expect(frameErrorOf(() => codec.encode(bytes('hi!')))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 3, limit: 2 });
  expect(frameErrorOf(() => decodeAll(codec, [fromHex('00 00 00 03')])).code).toBe('FRAME_ERR_TOO_LARGE');
  // A limit beyond what the length can say is no fault there.
  expect(fromNetty({ maxFrameLength: 1_048_576, lengthFieldOffset: 1, lengthFieldLength: 1 }).maxPayloadBytes).toBe(257);
});

test('a strip beyond the length takes the bytes after it too; a shorter frame is FRAME_ERR_MALFORMED_LENGTH', () => {
  const codec = fromNetty({ maxFrameLength: 100, lengthFieldOffset: 0, lengthFieldLength: 1, initialBytesToStrip: 3 });
  expect(decodeAll(codec, [fromHex('04 01 02 68 69')]).map(toHex)).toEqual(['68 69']);
  expect(toHex(codec.encode(bytes('hi')))).toBe('04 00 00 68 69');
  expect(frameErrorOf(() => decodeAll(codec, [fromHex('01 01 02')])).code).toBe('FRAME_ERR_MALFORMED_LENGTH');
  checkCodec(codec, [bytes('hi'), bytes('')]);
});

test('a length that says less than it counts is FRAME_ERR_MALFORMED_LENGTH', () => {
  const codec = fromNetty(optionsOf([0, 2, -2, 0]));
  expect(frameErrorOf(() => decodeAll(codec, [fromHex('00 01')])).code).toBe('FRAME_ERR_MALFORMED_LENGTH');
});

test('detach gives back what is stripped too, wherever the stream is cut', () => {
  for (const strip of [0, 1, 2, 3]) {
    const wire = fromHex('ca 00 02 68 69');
    for (let at = 0; at < wire.length; at++) {
      for (const chunks of [[wire.subarray(0, at)], drip(wire.subarray(0, at))]) {
        const decoder = fromNetty(optionsOf([1, 2, 0, strip])).createDecoder();
        for (const chunk of chunks) {
          decoder.push(chunk);
          expect(decoder.next()).toBeUndefined();
        }
        expect(decoder.bufferedBytes).toBe(at);
        expect(toHex(decoder.detach())).toBe(toHex(wire.subarray(0, at)));
      }
    }
  }
});

test('encode refuses frames whose own length does not fit them', () => {
  for (const [numbers, payload] of [
    [[0, 2, 0, 0], `00 0d ${HELLO}`],
    [[0, 2, 0, 1], `0d ${HELLO}`],
    [[0, 2, 0, 0], '00'],
    [[1, 2, 9, 3], '00 00'],
    [[0, 2, -2, 1], ''],
  ] as const) {
    expect(frameErrorOf(() => fromNetty(optionsOf(numbers)).encode(fromHex(payload))).code).toBe('FRAME_ERR_PAYLOAD');
  }
  // Half of the length is stripped: what is left of it must fit.
  checkCodec(fromNetty(optionsOf([0, 2, 0, 1])), [fromHex(`0c ${HELLO}`)]);
});

const plain: NettyOptions = { maxFrameLength: 10, lengthFieldOffset: 0, lengthFieldLength: 2 };
test.each<[NettyOptions, string]>([
  [{ ...plain, lengthFieldLength: 5 }, 'lengthFieldLength is 5; allowed: 1, 2, 3, 4 and 8'],
  [{ ...plain, lengthFieldOffset: -1 }, 'lengthFieldOffset is -1; allowed: whole numbers from 0'],
  [{ ...plain, maxFrameLength: Number.NaN }, 'maxFrameLength is NaN; allowed: whole numbers from 0'],
  [{ ...plain, initialBytesToStrip: 0.5 }, 'initialBytesToStrip is 0.5; allowed: whole numbers from 0'],
  [{ ...plain, initialBytesToStrip: 11 }, 'initialBytesToStrip is 11, more than maxFrameLength, which is 10'],
  [{ ...plain, lengthAdjustment: 0.5 }, 'lengthAdjustment is 0.5; allowed: whole numbers'],
  [{ ...plain, lengthFieldOffset: 9 }, 'maxFrameLength is 10, but the length ends after 11 bytes'],
  [{ ...plain, lengthAdjustment: -65_536 }, 'a u16be length that counts 65536 bytes besides the payload cannot express any payload'],
])('%j throws a RangeError', (options, message) => {
  expect(() => fromNetty(options)).toThrow(new RangeError(message));
});

test('takes a length that lies beyond 256 bytes, and refuses one that ends beyond a page', () => {
  const codec = fromNetty({ maxFrameLength: 9000, lengthFieldOffset: 300, lengthFieldLength: 2, initialBytesToStrip: 302 });
  checkCodec(codec, [bytes('hi'), bytes('')]);
  expect(() => fromNetty({ maxFrameLength: 9000, lengthFieldOffset: 4095, lengthFieldLength: 2 })).toThrow(
    'the header takes up to 4097 bytes; allowed: 4096',
  );
});
