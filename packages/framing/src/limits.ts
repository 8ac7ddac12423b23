/**
 * Longest payload unless told otherwise: 1 MiB. Room for nearly every message people frame, and small enough that a
 * thousand hostile peers cannot take a server's memory with what they really send.
 */
export const DEFAULT_MAX_PAYLOAD_BYTES = 1_048_576;

/**
 * The most memory, in bytes, that a header alone can reserve: one page. A frame of at most this length that arrives in
 * pieces gets all its memory at once, a longer one starts with it.
 */
export const MAX_RESERVED_BYTES = 4096;

/** How much memory, in bytes, a payload of any size may keep alive under `payload: 'auto'`: what one read of a Node socket takes at most. */
export const MAX_PINNED_BYTES = 65_536;

/** Size, in bytes, of the slab that a frame writer fills: what one read of a Node socket takes at most. */
export const DEFAULT_SLAB_BYTES = 65_536;

/** Under `payload: 'auto'`, a view that pins more than this many times its own size, and more than {@link MAX_PINNED_BYTES}, becomes a copy. */
export const MAX_PINNED_RATIO = 8;

/** Most digits that a length in ASCII digits may have: as many as 2^53 − 1 has. */
export const MAX_LENGTH_DIGITS = 16;

/** Longest header, in bytes, of a format whose headers have no fixed length, unless told otherwise. */
export const DEFAULT_MAX_HEADER_BYTES = 8192;

/** Longest hex window in an error, in bytes. */
export const HEX_WINDOW_BYTES = 16;

/** Checks a limit that a caller chose. */
export function checkedLimit(maxPayloadBytes: number): number {
  if (!Number.isSafeInteger(maxPayloadBytes) || maxPayloadBytes < 0) {
    throw new RangeError(`maxPayloadBytes is ${maxPayloadBytes}, allowed are whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return maxPayloadBytes;
}
