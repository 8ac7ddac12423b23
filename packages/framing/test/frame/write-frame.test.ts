import { expect, test } from 'vitest';
import { compileLayout } from '../../src/frame/layout.ts';
import { sizeOf, writeFrame } from '../../src/frame/write-frame.ts';
import { constant, frame, reserved, sum, u16be, u8 } from '../../src/index.ts';
import { bytes, toHex } from '../support/bytes.ts';

const options = {
  header: { start: constant(0x68), nothing: reserved(1), length: u16be, kind: u8 },
  padding: { to: 4, with: 0xff },
  trailer: [sum(), constant(0x16)],
} as const;

test('the size of a frame is known before a byte of it is written, and every byte of it is', () => {
  const layout = compileLayout(options);
  const size = sizeOf(layout, { kind: 7 }, bytes('hi!'));
  expect(size).toEqual({ header: 5, padding: 1, total: 11 });
  const target = new Uint8Array(13).fill(0xee);
  writeFrame(layout, target, 1, { kind: 7 }, bytes('hi!'), size);
  expect(toHex(target)).toBe('ee 68 00 00 03 07 68 69 21 ff f2 16 ee');
  expect(toHex(frame(options).encode({ header: { kind: 7 }, payload: bytes('hi!') }))).toBe('68 00 00 03 07 68 69 21 ff f2 16');
});

test('what cannot be read back is refused before anything is written', () => {
  const layout = compileLayout({ ...options, maxPayloadBytes: 4 });
  expect(() => sizeOf(layout, { kind: 7 }, bytes('12345'))).toThrow('payload of 5 bytes, limit 4');
  expect(() => sizeOf(layout, { kind: 256 }, bytes('1'))).toThrow('u8 cannot hold 256');
});
