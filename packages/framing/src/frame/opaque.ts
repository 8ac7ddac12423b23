/** Bytes of the program that are no number: a key, a hash, a context that comes back as it was sent. */
export interface Opaque {
  readonly opaqueBytes: number;
}

/**
 * A field of `byteLength` bytes that are no number. Its value is a `Uint8Array` of exactly that length; decoded ones are copies.
 *
 * @throws RangeError when `byteLength` is no whole number from 1 to 255.
 */
export function bytes(byteLength: number): Opaque {
  return { opaqueBytes: checkedWidth('bytes', byteLength) };
}

/** Bytes that mean nothing: written as zeros, read as anything. */
export interface Reserved {
  readonly reservedBytes: number;
}

/**
 * `byteLength` bytes that are written as zeros and that nobody looks at when they are read. Where they must be zero, use {@link constant}.
 *
 * @throws RangeError when `byteLength` is no whole number from 1 to 255.
 */
export function reserved(byteLength: number): Reserved {
  return { reservedBytes: checkedWidth('reserved', byteLength) };
}

function checkedWidth(what: string, byteLength: number): number {
  if (Number.isInteger(byteLength) && byteLength >= 1 && byteLength <= 255) return byteLength;
  throw new RangeError(`${what} of ${byteLength} bytes, allowed are whole numbers from 1 to 255`);
}
