import type { Bytes, BytesIn } from './codec.ts';

/** Parses pairs of hex digits, with optional spaces; `undefined` for anything else. */
export function fromHex(hex: string): Bytes | undefined {
  const digits = hex.replaceAll(/\s/g, '');
  if (!/^(?:[\da-f]{2})*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes as pairs of hex digits. */
export function toHex(bytes: BytesIn): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
