import { expect, test } from 'vitest';
import { codecOf } from '../../src/index.ts';
import { checkCodec } from '../../src/testing.ts';
import { bytes, fromHex, pattern, toHex } from '../support/bytes.ts';
import { outcomeOf } from '../support/cuts.ts';

const codec = codecOf({ kind: 'frame', header: [{ name: 'length', field: 'zmtpLength' }] });

test('lengths up to 255 take a byte, longer ones eight', () => {
  expect(toHex(codec.encode(pattern(256)).subarray(0, 9))).toBe('02 00 00 00 00 00 00 01 00');
  checkCodec(codec, [bytes('hi'), bytes(''), pattern(255), pattern(256)]);
});

test('flags that are none are refused', () => {
  expect(outcomeOf(codec, fromHex('00 01 61 08 00')).error).toMatchObject({ code: 'FRAME_ERR_BAD_MAGIC', offset: 3 });
});
