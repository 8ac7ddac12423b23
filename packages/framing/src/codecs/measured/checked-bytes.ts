import { FrameError } from '../../errors.ts';
import { fixedWidthOf, isInteger } from '../../fields/length-field.ts';
import type { BytesIn } from '../../codec.ts';
import type { Checksum } from '../../frame/checksum.ts';

/** How many bytes a checksum takes. @throws RangeError when that depends on the number. */
export function checksumBytes({ name, field }: Checksum): number {
  const width = fixedWidthOf(field);
  if (width === undefined) throw new RangeError(`${name} in a ${field.name} field; allowed: fields of a fixed width`);
  return width;
}

/** The number that belongs behind `bytes`. */
function checksumOver(checksum: Checksum, bytes: BytesIn, start: number, end: number): number {
  return checksum.finish(checksum.update(checksum.initial, bytes, start, end));
}

/** @throws FrameError `FRAME_ERR_BAD_CHECKSUM` when the number at `at` is not that of `bytes[start, end)`. */
export function checkChecksum(checksum: Checksum, bytes: BytesIn, { start, end, at }: { start: number; end: number; at: number }): void {
  const { name, field } = checksum;
  const width = checksumBytes(checksum);
  if (!isInteger(field) && field.measure(bytes, at, at + width) < 0) {
    throw new FrameError('FRAME_ERR_BAD_CHECKSUM', `${name} cannot be read: ${field.faultOf(bytes, at, at + width).message}`);
  }
  const seen = field.read(bytes, at, width);
  const expected = checksumOver(checksum, bytes, start, end);
  if (seen !== expected)
    throw new FrameError('FRAME_ERR_BAD_CHECKSUM', `${name} is ${hex(seen)}, but the received bytes give ${hex(expected)}`);
}

/** Writes it at `at`. */
export function writeChecksum(checksum: Checksum, bytes: Uint8Array, { start, end, at }: { start: number; end: number; at: number }): void {
  checksum.field.write(bytes, at, checksumOver(checksum, bytes, start, end));
}

export function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
