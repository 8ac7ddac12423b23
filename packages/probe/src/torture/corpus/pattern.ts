import { fromHex, toHex } from '../../bytes/hex.ts';
import type { Bytes } from '../../types.ts';

/** The pattern is `!` to `y` repeated: printable, without line ends, delimiters and shell quotes, and its period is not a power of two. */
const FIRST = 0x21;
const PERIOD = 89;

/** Shortest run that is not written as hex. */
const SHORTEST_RUN = 24;

/**
 * Bytes in a file: hex, and runs of the pattern. Byte `i` of a run is `0x21 + (pattern + i) % 89`.
 */
export type PatternBytes = readonly (string | { readonly pattern: number; readonly bytes: number })[];

/** This many bytes of the pattern. */
export function patternBytes(byteLength: number): Bytes {
  return patternFrom(0, byteLength);
}

function patternFrom(phase: number, byteLength: number): Bytes {
  const period = Uint8Array.from({ length: PERIOD }, (_, index) => FIRST + ((phase + index) % PERIOD));
  // Node fills megabytes faster than a loop does.
  return Buffer.alloc(byteLength, period);
}

/** Writes bytes as parts. */
export function patternOfBytes(bytes: Bytes): PatternBytes {
  const parts: (string | { pattern: number; bytes: number })[] = [];
  let literal = 0;
  for (let at = 0; at < bytes.length;) {
    const end = endOfRun(bytes, at);
    if (end - at >= SHORTEST_RUN) {
      if (at > literal) parts.push(toHex(bytes.subarray(literal, at)));
      parts.push({ pattern: bytes[at]! - FIRST, bytes: end - at });
      literal = end;
    }
    at = end;
  }
  if (literal < bytes.length) parts.push(toHex(bytes.subarray(literal)));
  return parts;
}

/** Reads what {@link patternOfBytes} writes. */
export function bytesOfPattern(parts: PatternBytes): Bytes {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? fromHex(part) : patternFrom(part.pattern, part.bytes))));
}

/** The end of the longest run of the pattern at an offset: at least one byte. The byte itself gives its place in the period. */
function endOfRun(bytes: Bytes, start: number): number {
  const phase = bytes[start]! - FIRST;
  if (phase < 0 || phase >= PERIOD) return start + 1;
  let end = start + 1;
  while (end < bytes.length && bytes[end] === FIRST + ((phase + end - start) % PERIOD)) end++;
  return end;
}
