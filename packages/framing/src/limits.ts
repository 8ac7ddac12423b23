/**
 * Longest payload unless told otherwise: 1 MiB. Room for nearly every message people frame, and small enough that a
 * thousand hostile peers cannot take a server's memory with what they really send.
 */
export const DEFAULT_MAX_PAYLOAD_BYTES = 1_048_576;

/** First size, in bytes, of the buffer of a frame that arrives in pieces: one page. */
export const MIN_ACCUMULATOR_BYTES = 4096;

/** Size, in bytes, of the slab that a frame writer fills: what one read of a Node socket takes at most. */
export const DEFAULT_SLAB_BYTES = 65_536;

/** Under `payload: 'auto'`, a view that pins more than this many times its own size becomes a copy. */
export const MAX_PINNED_RATIO = 8;

/** Longest hex window in an error, in bytes. */
export const HEX_WINDOW_BYTES = 16;

/** Checks a limit that a caller chose. */
export function checkedLimit(maxPayloadBytes: number): number {
  if (!Number.isSafeInteger(maxPayloadBytes) || maxPayloadBytes < 0) {
    throw new RangeError(`maxPayloadBytes is ${maxPayloadBytes}, allowed are whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return maxPayloadBytes;
}
