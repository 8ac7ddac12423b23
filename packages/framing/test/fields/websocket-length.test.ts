import { expect, test } from 'vitest';
import { websocketLength } from '../../src/fields/websocket-length.ts';
import { frame, u8 } from '../../src/index.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { frameErrorOf, fromHex, pattern } from '../support/bytes.ts';

const frames = frame({ header: { flags: u8, length: websocketLength } });

test.each([
  ['7e 00 7d', 'FRAME_ERR_MALFORMED_LENGTH', 'a length of 125 takes 3 bytes, more than it needs'],
  ['7f 00 00 00 00 00 00 ff ff', 'FRAME_ERR_MALFORMED_LENGTH', 'a length of 65535 takes 9 bytes, more than it needs'],
])('websocketLength refuses %s', (hex, code, message) => {
  const wire = fromHex(hex);
  expect(websocketLength.measure(wire, 0, wire.length)).toBe(-1);
  expect(websocketLength.faultOf(wire, 0, wire.length)).toEqual({ code, message });
});

test('lengths of 7, 16 and 64 bits are written as servers write them, and read back', () => {
  checkCodec(
    frames,
    [0, 1, 125, 126, 200].map((byteLength) => ({ header: { flags: 0x82 }, payload: pattern(byteLength) })),
  );
  for (const byteLength of [65_535, 65_536]) {
    const wire = frames.encode({ header: { flags: 0x82 }, payload: new Uint8Array(byteLength) });
    expect(wire.length).toBe(byteLength + (byteLength === 65_535 ? 4 : 10));
    expect(decodeAll(frames, [wire.subarray(0, 9), wire.subarray(9)])[0]?.payload.length).toBe(byteLength);
  }
});

test('a masking key belongs to the header; the payload stays masked', () => {
  expect(decodeAll(frames, [fromHex('81 85 37fa213d 7f9f4d5158')])).toEqual([{ header: { flags: 0x81 }, payload: fromHex('7f9f4d5158') }]);
});

test('a 64-bit length whose highest bit is set is FRAME_ERR_UNSAFE_INTEGER', () => {
  expect(frameErrorOf(() => decodeAll(frames, [fromHex('82 7f 80 00 00 00 00 00 00 00')])).code).toBe('FRAME_ERR_UNSAFE_INTEGER');
});
