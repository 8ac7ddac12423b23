import { HEX_WINDOW_BYTES } from '../limits.ts';
import type { BytesIn } from '../codec.ts';

/** The first bytes of `bytes` in hex, for an error: `00 00 00 02`. */
export function hexWindow(bytes: BytesIn): string {
  return Array.from(bytes.subarray(0, HEX_WINDOW_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
