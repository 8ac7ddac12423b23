import { descriptionOf } from '../described.ts';
import { crc32, sum, xor } from '../frame/checksum.ts';
import { crc16, crc8, CRC16_ALGORITHMS, CRC8_ALGORITHMS } from '../frame/crc.ts';
import { constant } from '../frame/options.ts';
import { toHex } from '../hex.ts';
import { fieldOf, layoutOfField } from './fields.ts';
import { choiceOf, Reader } from './reader.ts';
import type { Checksum, ChecksumOptions, Covers } from '../frame/checksum.ts';
import type { Trailer } from '../frame/options.ts';
import type { FieldLayout, TrailerLayout } from './layout.ts';

const CHECKSUMS = ['crc32', 'crc16', 'crc8', 'sum', 'xor'] as const;
const COVERING = ['checksum', 'covers', 'field'];

/** The trailer of a layout. @throws RangeError that says where it is wrong. */
export function trailerOf(layout: unknown, path: string): Trailer {
  if (typeof layout === 'object' && layout !== null && 'checksum' in layout) return checksumOf(layout, path);
  return constant(...new Reader(layout, path, ['bytes']).hex('bytes'));
}

function checksumOf(layout: { readonly checksum: unknown }, path: string): Checksum {
  const checksum = choiceOf(layout.checksum, `${path}.checksum`, CHECKSUMS);
  if (checksum === 'crc16' || checksum === 'crc8') {
    const read = new Reader(layout, path, [...COVERING, 'algorithm']);
    if (checksum === 'crc16') return crc16(read.choice('algorithm', CRC16_ALGORITHMS), covering(read));
    return crc8(read.choice('algorithm', CRC8_ALGORITHMS), covering(read));
  }
  if (checksum !== 'sum') return { crc32, xor }[checksum](covering(new Reader(layout, path, COVERING)));
  const read = new Reader(layout, path, [...COVERING, 'modulus', 'negate']);
  return sum({
    ...covering(read),
    ...read.optional('modulus', (key) => read.number(key)),
    ...read.optional('negate', (key) => read.boolean(key)),
  });
}

function covering(read: Reader): ChecksumOptions {
  return {
    ...read.optional('field', (key) => fieldOf(read.value(key), read.at(key))),
    ...read.optional('covers', (key) => coversOf(read.value(key), read.at(key))),
  };
}

function coversOf(value: unknown, path: string): Covers {
  if (typeof value !== 'object' || value === null) return choiceOf(value, path, ['payload', 'headerAndPayload']);
  const read = new Reader(value, path, ['from', 'to']);
  return { from: read.string('from'), ...read.optional('to', (key) => read.string(key)) };
}

/** A trailer as data; `undefined` for the program's own checksum. */
export function layoutOfTrailer(trailer: Trailer): TrailerLayout | undefined {
  if ('bytes' in trailer) return { bytes: toHex(trailer.bytes) };
  const own = descriptionOf(trailer) as object | undefined;
  const field = layoutOfField(trailer.field);
  return own === undefined || field === undefined
    ? undefined
    : ({ ...own, covers: trailer.covers, field } as TrailerLayout & { field: FieldLayout });
}
