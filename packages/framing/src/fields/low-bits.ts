import { described } from '../described.ts';
import { FrameError } from '../errors.ts';
import type { IntegerField } from './integer-field.ts';

/**
 * The low bits of an unsigned big-endian integer: ONC RPC has the length of a fragment in 31 bits, and in the highest one whether it is the last. The bits above are
 * not read, and written as zeros.
 *
 * @throws RangeError when the integer is another one, or has not more bits than that.
 */
export function lowBits(field: IntegerField, bits: number): IntegerField {
  const width = field.byteLength * 8;
  if (field.min !== 0 || !field.name.endsWith('be') || width > 32)
    throw new RangeError(`low bits of ${field.name}; allowed: u16be, u24be and u32be`);
  if (!Number.isInteger(bits) || bits < 1 || bits >= width)
    throw new RangeError(`${bits} low bits of ${field.name}; allowed: 1 to ${width - 1}`);
  const modulus = 2 ** bits;
  const low: IntegerField = {
    name: `${field.name}:${bits}`,
    byteLength: field.byteLength,
    min: 0,
    max: modulus - 1,
    read: (bytes, offset) => field.read(bytes, offset) % modulus,
    write(bytes, offset, value) {
      if (value > modulus - 1) throw tooWide(low, value);
      field.write(bytes, offset, value);
    },
  };
  return described(low, () => ({ type: field.name, bits }));
}

function tooWide({ name, max }: IntegerField, value: number): FrameError {
  return new FrameError('FRAME_ERR_TOO_LARGE', `${name} cannot hold ${value}; allowed: whole numbers from 0 to ${max}`, {
    declared: value,
    limit: max,
  });
}
