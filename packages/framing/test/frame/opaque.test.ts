import { expect, test } from 'vitest';
import { bytes as opaque, createFrameWriter, frame, reserved, u16le, u8 } from '../../src/index.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { fromHex, pattern, toHex } from '../support/bytes.ts';

test('opaque bytes come back as they were, and reserved ones are written as zeros', () => {
  const codec = frame({ header: { command: u16le, length: u16le, context: opaque(8), spare: reserved(2) } });
  const header = { command: 0x65, context: fromHex('ff ff ff ff ff ff ff ff') };
  const wire = codec.encode({ header, payload: pattern(2) });
  expect(toHex(wire)).toBe('65 00 02 00 ff ff ff ff ff ff ff ff 00 00 20 21');
  checkCodec(codec, [{ header, payload: pattern(2) }]);
  expect(decodeAll(codec, [fromHex(toHex(wire).replace('00 00 20 21', 'aa bb 20 21'))])).toEqual([{ header, payload: pattern(2) }]);
});

test('opaque bytes of another length, or none, are refused before anything is written', () => {
  const codec = frame({ header: { key: opaque(4), length: u8 } });
  const writer = createFrameWriter();
  expect(() => codec.encodeInto(writer, { header: { key: pattern(3) }, payload: pattern(1) })).toThrow(
    'key has 3 bytes, every frame has 4',
  );
  expect(() => codec.encodeInto(writer, { header: { key: 7 as never }, payload: pattern(1) })).toThrow(TypeError);
  expect(writer.take().length).toBe(0);
  for (const byteLength of [0, 256, 1.5]) {
    expect(() => opaque(byteLength)).toThrow(`bytes of ${byteLength} bytes; allowed: whole numbers from 1 to 255`);
    expect(() => reserved(byteLength)).toThrow(`reserved of ${byteLength} bytes; allowed: whole numbers from 1 to 255`);
  }
});
