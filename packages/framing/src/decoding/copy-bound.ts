import { MAX_PINNED_BYTES, MAX_PINNED_RATIO } from '../limits.ts';
import type { BytesIn, DecoderOptions } from '../codec.ts';

/** Payloads in chunks up to this long are copied, in bytes. */
const TINY_BYTES = 16;

/**
 * Payloads of `chunk` that are shorter than this are copied, in bytes; longer ones are returned as views: see `DecoderOptions.payload`.
 *
 * @param isOurs - the decoder made the chunk's memory, and nobody else has a part of it.
 */
export function copyBound(payload: NonNullable<DecoderOptions['payload']>, chunk: BytesIn, isOurs: boolean): number {
  const { buffer, length } = chunk;
  // Above every payload that lies in the chunk. Not infinity, with which every comparison would be one of floating point numbers.
  const all = length + 1;
  if (payload === 'copy' || length <= TINY_BYTES || !(buffer instanceof ArrayBuffer)) return all;
  if (payload === 'view') return 0;
  if (!isOurs && !isAlone(chunk)) return all;
  return buffer.byteLength <= MAX_PINNED_BYTES ? 0 : Math.ceil(buffer.byteLength / MAX_PINNED_RATIO);
}

/**
 * Whether nobody else can have a part of a chunk's memory: frames of other connections, in a slab of `encode` or of Node's small buffers that came through a
 * stream in memory; other streams of the same HTTP/2 session. A socket's chunk has its memory to itself: all of it, or at least half of a read's 64 KiB.
 */
function isAlone({ buffer, byteOffset, length }: BytesIn): boolean {
  const { byteLength } = buffer;
  return length === byteLength || (byteOffset === 0 && byteLength === MAX_PINNED_BYTES && length * 2 >= byteLength);
}
