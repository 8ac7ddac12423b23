import { expect, test } from 'vitest';
import { sum } from '../../src/index.ts';
import { layoutOfTrailer, trailerOf } from '../../src/layout/trailers.ts';

test.each([
  { bytes: 'ce' },
  { checksum: 'crc32', covers: 'headerAndPayload', field: 'u32le' },
  { checksum: 'xor', covers: 'payload', field: { type: 'asciiHex', digits: 2, letters: 'upper' } },
  { checksum: 'sum', modulus: 256, negate: true, covers: { from: 'a' }, field: 'u16be' },
  { checksum: 'crc16', algorithm: 'hj212', covers: 'payload', field: 'u16be' },
  { checksum: 'crc8', algorithm: 'smbus', covers: { from: 'a', to: 'b' }, field: 'u8' },
])('%o is read and written again', (layout) => {
  expect(layoutOfTrailer(trailerOf(layout, 'trailer'))).toEqual(layout);
});

test('a checksum of the program is no data', () => {
  expect(layoutOfTrailer({ ...sum() })).toBeUndefined();
});
