import type { Chunking, Size, Wire } from './cells.ts';

/** The same payloads, in the same order, in any framing. */
export interface Workload {
  readonly payloads: readonly Uint8Array[];
  /** The framed stream as a socket delivers it: Node buffers. */
  readonly chunks: readonly Buffer[];
  /** The framed stream as a whole. */
  readonly stream: Uint8Array;
}

const SEED = 0x50c4_1ab5;
const LARGEST_PAYLOAD_BYTES = 65_536;
const LARGEST_MIXED_BYTES = 8192;
const LARGEST_PREFIX_BYTES = 4;
const LF = 0x0a;

/** Makes the first `frames` payloads of `size`, framed as `wire`, in chunks of `chunking`. */
export function createWorkload(size: Size, chunking: Chunking, wire: Wire, frames: number): Workload {
  const payloads = createPayloads(size, frames);
  const stream = frameAll(payloads, wire);
  return { payloads, chunks: cut(stream, chunking.chunkBytes), stream };
}

function createPayloads({ payloadBytes }: Size, frames: number): Uint8Array[] {
  const random = createRandom(SEED);
  // Letters and digits: no payload contains a line feed, so the same ones serve as lines.
  const source = Uint8Array.from({ length: 2 * LARGEST_PAYLOAD_BYTES }, () => 0x30 + Math.floor(random() * 75));
  return Array.from({ length: frames }, () => {
    // The logarithm of the length is uniform: as many payloads from 1 to 8 bytes as from 1 to 8 KiB.
    const byteLength = payloadBytes === 'mixed' ? Math.ceil(LARGEST_MIXED_BYTES ** random()) : payloadBytes;
    const offset = Math.floor(random() * LARGEST_PAYLOAD_BYTES);
    return repeated(source.subarray(offset), byteLength);
  });
}

/** The requested bytes, from the start again when there are no more. */
function repeated(source: Uint8Array, byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  for (let at = 0; at < byteLength; at += source.length) bytes.set(source.subarray(0, byteLength - at), at);
  return bytes;
}

function frameAll(payloads: readonly Uint8Array[], wire: Wire): Uint8Array {
  const payloadBytes = payloads.reduce((total, { length }) => total + length, 0);
  const stream = Buffer.allocUnsafeSlow(payloadBytes + payloads.length * LARGEST_PREFIX_BYTES);
  let end = 0;
  for (const payload of payloads) {
    end = writePrefix(stream, end, payload.length, wire);
    stream.set(payload, end);
    end += payload.length;
    if (wire === 'lf') stream[end++] = LF;
  }
  return new Uint8Array(stream.buffer, 0, end);
}

function writePrefix(stream: Buffer, offset: number, length: number, wire: Wire): number {
  if (wire === 'u32be') return stream.writeUInt32BE(length, offset);
  if (wire === 'u32le') return stream.writeUInt32LE(length, offset);
  return wire === 'varint' ? writeVarint(stream, offset, length) : offset;
}

function writeVarint(stream: Buffer, offset: number, length: number): number {
  let rest = length;
  let end = offset;
  for (; rest > 0x7f; rest >>>= 7) stream[end++] = (rest & 0x7f) | 0x80;
  stream[end++] = rest;
  return end;
}

// Each chunk has memory of its own, like what a socket read: pinning and `.buffer` cost the same as there. Single bytes
// share one: a hundred thousand memories of one byte would measure the processor's cache instead.
function cut(stream: Uint8Array, chunkBytes: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < stream.length; start += chunkBytes) {
    const bytes = stream.subarray(start, start + chunkBytes);
    const memory = chunkBytes === 1 ? bytes : new Uint8Array(bytes);
    chunks.push(Buffer.from(memory.buffer, memory.byteOffset, memory.length));
  }
  return chunks;
}

/** Mulberry32: the same numbers from 0 to 1 on every machine. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
