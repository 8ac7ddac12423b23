import { described } from '../../described.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { createLengthPrefixedCodec } from './fixed-width-codecs.ts';
import type { ByteCodec } from '../../codec.ts';
import type { IntegerField } from '../../fields/integer-field.ts';

/** Options of {@link lengthPrefixed}. */
export interface LengthPrefixedOptions {
  /** The field that holds the payload's length. */
  readonly length: IntegerField;
  /**
   * Longest payload in bytes, without the prefix.
   *
   * @defaultValue 1_048_576, or the largest number of the field when that is less
   */
  readonly maxPayloadBytes?: number;
}

/**
 * A length, then that many bytes. The length counts the payload only.
 *
 * ```
 *  0        w            w+n
 *  +--------+------------+     u32be: "hi" -> 00 00 00 02 68 69
 *  | n      | payload: n |     i32le: "hi" -> 02 00 00 00 68 69
 *  +--------+------------+
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` on the byte that completes the header, before any payload is stored;
 * `FRAME_ERR_MALFORMED_LENGTH` for a negative length; `FRAME_ERR_UNSAFE_INTEGER` beyond 2^53 − 1.
 *
 * @throws RangeError when the limit is more than the field can hold, or the field has no fixed width, as `ber()` and `asciiDecimal()`.
 */
export function lengthPrefixed({
  length,
  maxPayloadBytes = Math.min(DEFAULT_MAX_PAYLOAD_BYTES, length.max),
}: LengthPrefixedOptions): ByteCodec {
  // Plain JavaScript can pass it; read as an integer of no bytes, it would make empty payloads without end.
  if (!(length.byteLength > 0)) {
    throw new RangeError(`length is ${length.name}, which is no fixed-width integer: use frame({ header: { length } })`);
  }
  if (checkedLimit(maxPayloadBytes) > length.max) {
    throw new RangeError(`maxPayloadBytes is ${maxPayloadBytes}, but a ${length.name} length holds at most ${length.max}`);
  }
  const codec = createLengthPrefixedCodec(length, maxPayloadBytes);
  return described(codec, () => ({ frame: { name: length.name, header: { length } } }));
}
