import { expect, test } from 'vitest';
import { frame, lowBits, u16be, u32be } from '../../src/index.ts';
import { checkCodec } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, toHex } from '../support/bytes.ts';

test('the bits above are not read, and written as zeros', () => {
  const field = lowBits(u32be, 31);
  expect(field.read(fromHex('80 00 00 05'), 0)).toBe(5);
  const target = fromHex('ff ff ff ff');
  field.write(target, 0, 2 ** 31 - 1);
  expect([toHex(target), field.name, field.max]).toEqual(['7f ff ff ff', 'u32be:31', 2 ** 31 - 1]);
  expect(frameErrorOf(() => field.write(target, 0, 2 ** 31))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', limit: 2 ** 31 - 1 });
});

test('it is a length like any other', () => {
  const codec = frame({ header: { length: lowBits(u16be, 6) } });
  expect(codec.maxPayloadBytes).toBe(63);
  checkCodec(codec, [bytes('hi'), bytes(''), pattern(63)]);
});
