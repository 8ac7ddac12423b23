import type { Bytes } from '../types.ts';

/** The parts, concatenated. A single part is not copied. */
export function concatBytes(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((byteLength, part) => byteLength + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
