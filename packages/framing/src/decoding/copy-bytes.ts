import { chunkIsGone } from './gone-chunk.ts';
import { platformBuffer } from './platform.ts';
import type { Bytes, BytesIn } from '../codec.ts';

/** Up to this length a plain loop is faster than any call into the engine. */
const LOOP_BYTES = 32;

/** The only copy of a part of memory that needs no view of it. */
const copyPart = platformBuffer?.prototype.copy;

/**
 * Copies `source[start, end)` to `target` at `offset`, where there must be room for it.
 *
 * @throws TypeError when `source` was transferred.
 */
export function copyBytes(source: BytesIn, start: number, end: number, target: Bytes, offset: number): void {
  const byteLength = end - start;
  const sourceBytes = source.length;
  if (end > sourceBytes && byteLength > 0) throw chunkIsGone(byteLength);
  if (byteLength <= LOOP_BYTES) {
    for (let from = start, to = offset; from < end; from++, to++) target[to] = source[from]!;
  } else if (byteLength === sourceBytes) {
    target.set(source, offset);
  } else if (copyPart !== undefined) {
    copyPart.call(source, target, offset, start, end);
  } else {
    // Not `subarray`: on a Node buffer it costs more than the copy.
    target.set(new Uint8Array(source.buffer, source.byteOffset + start, byteLength), offset);
  }
}

/** The bytes of `parts`, concatenated. */
export function joined(...parts: readonly BytesIn[]): Bytes {
  const whole = new Uint8Array(parts.reduce((byteLength, part) => byteLength + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
