import { expect, test } from 'vitest';
import { crc16, frame, layoutOf, sum, u8 } from '../../../src/index.ts';
import { checkLines } from '../../../src/translate/programs/checksums.ts';
import { interpreted } from '../interpreter.ts';

const PAYLOAD = new TextEncoder().encode('123456789');

test('a checksum is taken over what it covers, and one that differs is FRAME_ERR_BAD_CHECKSUM', () => {
  const codec = frame({ header: { length: u8 }, trailer: crc16('x25') });
  const wire = codec.encode(PAYLOAD);
  expect(interpreted(layoutOf(codec), [wire], 100)).toBe(`${Buffer.from(PAYLOAD).toString('hex')} ok`);
  for (let at = 1; at < wire.length; at++) {
    const changed = Uint8Array.from(wire, (byte, index) => (index === at ? byte ^ 1 : byte));
    expect(interpreted(layoutOf(codec), [changed], 100)).toBe('FRAME_ERR_BAD_CHECKSUM');
  }
});

test('a checksum of somebody’s own is named by where it stands', () => {
  expect(() => checkLines({ ...sum(), name: 'own' }, 'at', [], 'trailer[0]')).toThrow(
    'trailer[0] cannot be translated: a checksum that is a function of the program',
  );
});
