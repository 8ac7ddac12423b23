import type { Tally } from './contender.ts';

/** The limit that hand-written decoders check too: without one they would not be decoders. */
const MAX_PAYLOAD_BYTES = 1_048_576;
const LOOP_BYTES = 24;

/** What differs between hand-written decoders. */
export interface HandMade<Source> {
  /** Called once for each chunk, for what payloads are made from. */
  readonly open: (chunk: Buffer) => Source;
  /** A payload that lies inside a chunk. */
  readonly inChunk: (source: Source, start: number, end: number) => number;
  /** A payload joined from several chunks, in `memory[0, length)`. */
  readonly collected: (memory: Uint8Array, length: number) => number;
  /** Memory for a payload that crosses chunks. */
  readonly collector: (length: number) => Uint8Array;
}

/** The shortest possible decoder of u32be over chunks, with header and payload carried across them; the strategy is inlined. */
export function streamByHand<Source>(chunks: readonly Buffer[], { open, inChunk, collected, collector }: HandMade<Source>): Tally {
  let frames = 0;
  let sum = 0;
  let header = 0;
  let headerBytes = 0;
  let payload: Uint8Array | undefined;
  let declared = 0;
  let filled = 0;
  for (const chunk of chunks) {
    const source = open(chunk);
    const chunkEnd = chunk.length;
    let at = 0;
    if (payload !== undefined) {
      at = Math.min(declared - filled, chunkEnd);
      copy(chunk, 0, at, payload, filled);
      filled += at;
      if (filled < declared) continue;
      frames++;
      sum += collected(payload, declared);
      payload = undefined;
    }
    while (at < chunkEnd) {
      if (headerBytes === 0 && chunkEnd - at >= 4) {
        declared = readU32be(chunk, at);
        at += 4;
      } else {
        header = header * 256 + chunk[at++]!;
        if (++headerBytes < 4) continue;
        declared = header;
        header = 0;
        headerBytes = 0;
      }
      if (declared > MAX_PAYLOAD_BYTES) throw new RangeError('payload over the limit');
      const end = at + declared;
      if (end > chunkEnd) {
        payload = collector(declared);
        copy(chunk, at, chunkEnd, payload, 0);
        filled = chunkEnd - at;
        break;
      }
      frames++;
      sum += inChunk(source, at, end);
      at = end;
    }
  }
  return { frames, sum };
}

// A call out of JavaScript costs as much as copying some twenty bytes one by one.
function copy(chunk: Buffer, start: number, end: number, payload: Uint8Array, offset: number): void {
  if (end - start > LOOP_BYTES) chunk.copy(payload, offset, start, end);
  else for (let at = start; at < end; at++) payload[offset + at - start] = chunk[at]!;
}

export function readU32be(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
}
