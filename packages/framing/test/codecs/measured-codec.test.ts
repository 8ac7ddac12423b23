import { expect, test } from 'vitest';
import { MeasuredCodec } from '../../src/codecs/measured-codec.ts';
import { cobs, createFrameWriter, fixed, raw, slip } from '../../src/index.ts';
import { bytes, frameErrorOf, pattern, toHex } from '../support/bytes.ts';

const codecs = [cobs(), slip(), fixed(5), raw()];

test.each(codecs)('$name: writes into a slab what it writes into a buffer of its own', (codec) => {
  expect(codec).toBeInstanceOf(MeasuredCodec);
  const writer = createFrameWriter();
  writer.reserve(3);
  codec.encodeInto(writer, bytes('\u0000help'));
  expect(toHex(writer.take().subarray(3))).toBe(toHex(codec.encode(bytes('\u0000help'))));
});

test.each([cobs({ maxPayloadBytes: 3 }), slip({ maxPayloadBytes: 3 }), fixed(3), raw({ maxPayloadBytes: 3 })])(
  '$name: a payload over the limit leaves nothing behind',
  (codec) => {
    const writer = createFrameWriter();
    for (const encode of [() => codec.encode(pattern(4)), () => codec.encodeInto(writer, pattern(4))]) {
      expect(frameErrorOf(encode)).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 4, limit: 3 });
    }
    expect(writer.length).toBe(0);
  },
);
