import { describe, expect, test } from 'vitest';
import { compileLayout } from '../../src/frame/layout.ts';
import { sizeOf, writeFrame } from '../../src/frame/write-frame.ts';
import { constant, createFrameWriter, frame, reserved, sum, u16be, u8 } from '../../src/index.ts';
import { bytes, frameErrorOf, pattern, toHex } from '../support/bytes.ts';
import { BAD, NO_NUMBERS, THROWS, WRITERS } from '../support/misbehaviour.ts';
import type { Answer } from '../support/misbehaviour.ts';

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

describe.each(WRITERS)('%s', (_name, make) => {
  test.each(THROWS)(
    'that throws %s is a FrameError with it as the cause, and leaves nothing of the frame behind',
    (_what, thrown, code) => {
      const codec = make(() => {
        throw thrown;
      });
      const encoded = frameErrorOf(() => codec.encode(pattern(BAD)));
      expect(encoded.code).toBe(code);
      if (code === 'FRAME_ERR_PAYLOAD') expect(encoded.cause).toBe(thrown);
      const writer = createFrameWriter();
      codec.encodeInto(writer, pattern(2));
      expect(frameErrorOf(() => codec.encodeInto(writer, pattern(BAD))).code).toBe(code);
      codec.encodeInto(writer, pattern(3));
      expect(toHex(writer.take())).toBe([codec.encode(pattern(2)), codec.encode(pattern(3))].map(toHex).join(' '));
    },
  );
});

describe.each(WRITERS.filter(([, , isChecked]) => isChecked))('%s', (_name, make) => {
  test.each(NO_NUMBERS)('that returns %s is FRAME_ERR_PAYLOAD', (_what, returned) => {
    const codec = make(returned as Answer);
    expect(frameErrorOf(() => codec.encode(pattern(BAD))).code).toBe('FRAME_ERR_PAYLOAD');
  });
});
