import { expect, test } from 'vitest';
import { constant, crc32, frame, u16be, u8 } from '../../src/index.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, text } from '../support/bytes.ts';

test('padding is not checked when it is read, and not handed out', () => {
  const codec = frame({ header: { length: u8 }, padding: { to: 4 } });
  expect(decodeAll(codec, [fromHex('01 61 ff ff ff 00 01 62 00 00 00')]).map(text)).toEqual(['a', '', 'b']);
});

test('the trailer stands behind the padding', () => {
  const codec = frame({ header: { length: u8 }, padding: { to: 4 }, trailer: constant(0xfe, 0xed) });
  expect(codec.encode(bytes('a'))).toEqual(fromHex('01 61 00 00 00 fe ed'));
  checkCodec(codec, [pattern(1), pattern(4), pattern(0), pattern(7)]);
});

test('one changed bit anywhere is noticed by a checksum over header and payload', () => {
  const codec = frame({ header: { kind: u8, length: u16be }, trailer: crc32({ covers: 'headerAndPayload' }) });
  const wire = codec.encode({ header: { kind: 1 }, payload: bytes('hello') });
  for (let bit = 0; bit < wire.length * 8; bit++) {
    const changed = wire.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    // A longer length waits for bytes that do not come.
    expect(['FRAME_ERR_BAD_CHECKSUM', 'FRAME_ERR_TRUNCATED']).toContain(frameErrorOf(() => decodeAll(codec, [changed])).code);
  }
});
