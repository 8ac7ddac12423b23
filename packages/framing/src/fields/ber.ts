import { checkedChoice } from '../choice.ts';
import { described } from '../described.ts';
import { fault } from './length-field.ts';
import type { BytesIn } from '../codec.ts';
import type { Fault, VariableLengthField } from './length-field.ts';

/** Options of {@link ber}. */
export interface BerOptions {
  /** Most bytes after the first one, from 1 to 7. @defaultValue 4 */
  readonly maxBytes?: number;
  /**
   * Whether a number may take more bytes than it needs, as BER allows and Active Directory writes; DER forbids it. The
   * shortest form is always written. @defaultValue 'accept'
   */
  readonly overlong?: 'reject' | 'accept';
}

/**
 * A definite length of ASN.1: one byte up to 127; else 80 plus a count, then that many bytes, big-endian. 300 is `82 01 2c`. The
 * indefinite form (`80`) is refused. Source: ITU-T X.690, 8.1.3; LDAP allows no other (RFC 4511, 5.1).
 *
 * @throws RangeError when `maxBytes` is not a whole number from 1 to 7, or `overlong` is unknown.
 */
export function ber({ maxBytes = 4, overlong = 'accept' }: BerOptions = {}): VariableLengthField {
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > 7) {
    throw new RangeError(`maxBytes of a ber is ${maxBytes}; allowed: whole numbers from 1 to 7`);
  }
  const field = new Ber(maxBytes, checkedChoice('overlong', overlong, ['reject', 'accept']) === 'reject');
  return described(field, () => ({ type: 'ber', maxBytes, overlong }));
}

const LONG = 0x80;

class Ber implements VariableLengthField {
  readonly name = 'ber';
  readonly minBytes = 1;
  readonly maxBytes: number;
  readonly max: number;
  readonly isCanonical: boolean;
  readonly #refusesOverlong: boolean;

  constructor(maxBytes: number, refusesOverlong: boolean) {
    this.maxBytes = maxBytes + 1;
    this.max = Math.min(256 ** maxBytes - 1, Number.MAX_SAFE_INTEGER);
    this.#refusesOverlong = refusesOverlong;
    this.isCanonical = refusesOverlong;
  }

  measure(bytes: BytesIn, offset: number, end: number): number {
    const first = bytes[offset]!;
    if (first < LONG) return 1;
    const count = first - LONG;
    if (count === 0 || count >= this.maxBytes) return -1;
    if (this.#refusesOverlong && offset + 1 < end && isOverlong(bytes, offset, count)) return -1;
    return offset + 1 + count <= end ? 1 + count : 0;
  }

  faultOf(bytes: BytesIn, offset: number): Fault {
    const count = bytes[offset]! - LONG;
    if (count === 0) return fault('FRAME_ERR_MALFORMED_LENGTH', 'a length has the indefinite form (0x80); allowed: definite forms');
    if (count >= this.maxBytes) {
      return fault('FRAME_ERR_HEADER_TOO_LONG', `a length says that it takes ${count} bytes, the limit is ${this.maxBytes - 1}`);
    }
    return fault('FRAME_ERR_OVERLONG_VARINT', `a length takes ${count + 1} bytes, more than its number needs`);
  }

  read(bytes: BytesIn, offset: number, byteLength: number): number {
    if (byteLength === 1) return bytes[offset]!;
    let value = 0;
    for (let at = offset + 1; at < offset + byteLength; at++) value = value * 256 + bytes[at]!;
    return value;
  }

  byteLengthOf(value: number): number {
    if (value < LONG) return 1;
    let count = 1;
    for (let rest = value; rest > 0xff; rest = Math.floor(rest / 256)) count++;
    return 1 + count;
  }

  write(bytes: Uint8Array, offset: number, value: number): void {
    const byteLength = this.byteLengthOf(value);
    if (byteLength === 1) {
      bytes[offset] = value;
      return;
    }
    bytes[offset] = LONG + byteLength - 1;
    let rest = value;
    for (let at = offset + byteLength - 1; at > offset; at--) {
      bytes[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
}

/** Whether the first byte after the count is superfluous. It alone decides, so there is no need to wait for the second. */
function isOverlong(bytes: BytesIn, offset: number, count: number): boolean {
  const high = bytes[offset + 1]!;
  return high === 0 || (count === 1 && high < LONG);
}
