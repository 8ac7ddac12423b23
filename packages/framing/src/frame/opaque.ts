/** Bytes of the program that are not a number: a key, a hash, a context that is echoed. */
export interface Opaque {
  readonly opaqueBytes: number;
}

/**
 * A field of `byteLength` bytes that are not a number. Its value is a `Uint8Array` of exactly that length; decoded values are copies.
 *
 * @throws RangeError when `byteLength` is not a whole number from 1 to 255.
 */
export function bytes(byteLength: number): Opaque {
  return { opaqueBytes: checkedWidth('bytes', byteLength) };
}

/** Reserved bytes: written as zeros, ignored when read. */
export interface Reserved {
  readonly reservedBytes: number;
}

/**
 * `byteLength` bytes that are written as zeros and ignored when read. Where they must be zero, use {@link constant}.
 *
 * @throws RangeError when `byteLength` is not a whole number from 1 to 255.
 */
export function reserved(byteLength: number): Reserved {
  return { reservedBytes: checkedWidth('reserved', byteLength) };
}

function checkedWidth(what: string, byteLength: number): number {
  if (Number.isInteger(byteLength) && byteLength >= 1 && byteLength <= 255) return byteLength;
  throw new RangeError(`${what} of ${byteLength} bytes; allowed: whole numbers from 1 to 255`);
}
