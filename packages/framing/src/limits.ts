/**
 * Default for the longest payload: 1 MiB. Room for nearly every message, and small enough that a thousand hostile
 * peers cannot exhaust a server's memory with what they send.
 */
export const DEFAULT_MAX_PAYLOAD_BYTES = 1_048_576;

/**
 * The most memory that a header alone can reserve, in bytes: one page. A frame of at most this length that arrives
 * in pieces gets all its memory at once, a longer one starts with it.
 */
export const MAX_RESERVED_BYTES = 4096;

/** How much memory a payload of any size may keep alive with `payload: 'auto'`, in bytes: the most that one read of a Node socket brings. */
export const MAX_PINNED_BYTES = 65_536;

/** Size of the slab that a frame writer fills, in bytes: the most that one read of a Node socket brings. */
export const DEFAULT_SLAB_BYTES = 65_536;

/** With `payload: 'auto'`, a view that would pin more than this many times its own size, and more than {@link MAX_PINNED_BYTES}, becomes a copy. */
export const MAX_PINNED_RATIO = 8;

/** Most digits of a length in ASCII digits: as many as 2^53 − 1 has. */
export const MAX_LENGTH_DIGITS = 16;

/** Default for the longest header of a format whose headers have no fixed length, in bytes. */
export const DEFAULT_MAX_HEADER_BYTES = 8192;

/** Longest hex excerpt in an error, in bytes. */
export const HEX_WINDOW_BYTES = 16;

/** Checks a limit chosen by the caller. */
export function checkedLimit(maxPayloadBytes: number): number {
  if (!Number.isSafeInteger(maxPayloadBytes) || maxPayloadBytes < 0) {
    throw new RangeError(`maxPayloadBytes is ${maxPayloadBytes}; allowed: whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return maxPayloadBytes;
}
