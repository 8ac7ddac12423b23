import { expect, test } from 'vitest';
import { LengthPrefixedCodec } from '../../../src/codecs/length-prefixed/codec.ts';
import { createFrameWriter, u16be } from '../../../src/index.ts';
import { bytes, toHex } from '../../support/bytes.ts';

test('a length field that throws leaves nothing in the writer, and what it threw is the cause', () => {
  const fault = new Error('not this one');
  const own = {
    ...u16be,
    write: (target: Uint8Array, offset: number, value: number): void => {
      if (value === 3) throw fault;
      u16be.write(target, offset, value);
    },
  };
  const codec = new LengthPrefixedCodec(own, 9);
  const writer = createFrameWriter();
  codec.encodeInto(writer, bytes('hi'));
  const refused = expect.objectContaining({ code: 'FRAME_ERR_PAYLOAD', cause: fault }) as Error;
  expect(() => codec.encodeInto(writer, bytes('hey'))).toThrow(refused);
  expect(() => codec.encode(bytes('hey'))).toThrow(refused);
  expect(toHex(writer.take())).toBe('00 02 68 69');
});
