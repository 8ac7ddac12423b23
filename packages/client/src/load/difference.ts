const WINDOW_BYTES = 16;

/** At most 16 bytes of `memory` from `start`, in hex: `68 65 6c`. */
export function hexWindow(memory: Uint8Array, start: number = 0, end: number = memory.length): string {
  const window = memory.subarray(start, Math.min(end, start + WINDOW_BYTES));
  return Array.from(window, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Offset of the first byte that differs; `byteLength` when none does. */
export function firstDifference(left: Uint8Array, leftStart: number, right: Uint8Array, rightStart: number, byteLength: number): number {
  let offset = 0;
  while (offset < byteLength && left[leftStart + offset] === right[rightStart + offset]) offset += 1;
  return offset;
}

/** Where an answer differs from the expected one, as text: `byte 2 of the answer is wrong: expected 6f, received its end`. */
export function describeDifference(expected: Uint8Array, seen: Uint8Array): string {
  const at = firstDifference(expected, 0, seen, 0, Math.min(expected.length, seen.length));
  const shown = (bytes: Uint8Array): string => (at >= bytes.length ? 'its end' : hexWindow(bytes, at));
  return `byte ${at} of the answer is wrong: expected ${shown(expected)}, received ${shown(seen)}`;
}
