/**
 * Holds a codec, of this package or of anybody's, to the contract. It knows no test runner: a broken codec throws.
 */

import { FrameError } from './errors.ts';
import { createFrameWriter } from './writer.ts';
import type { Bytes, BytesIn, Codec, DecoderOptions } from './codec.ts';

/** Every way to cut `bytes` in two, the whole among them: `bytes.length + 1` lists of chunks. */
export function* everySplit(bytes: Bytes): Generator<readonly Bytes[]> {
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
}

/** `bytes` one by one. */
export function drip(bytes: Bytes): readonly Bytes[] {
  return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
}

/** Options of {@link randomSplits}. */
export interface RandomSplitsOptions {
  /** The same seed gives the same cuts on every machine. */
  readonly seed: number;
  /** How many lists of chunks to make. */
  readonly count: number;
}

/** Cuts `bytes` at random places, about one cut to eight bytes, never into empty chunks. */
export function* randomSplits(bytes: Bytes, { seed, count }: RandomSplitsOptions): Generator<readonly Bytes[]> {
  const random = randomNumbers(seed);
  for (let index = 0; index < count; index++) {
    const chunks: Bytes[] = [];
    let start = 0;
    for (let at = 1; at < bytes.length; at++) {
      if (random() >= 1 / 8) continue;
      chunks.push(bytes.subarray(start, at));
      start = at;
    }
    chunks.push(bytes.subarray(start));
    yield chunks;
  }
}

/** Joins `parts` into one chunk: messages that stick together. */
export function sticky(parts: readonly BytesIn[]): Bytes {
  const whole = new Uint8Array(parts.reduce((byteLength, part) => byteLength + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Decodes `chunks` to the end of the stream. Throws what the decoder throws. */
export function decodeAll<Decoded>(codec: Codec<Decoded, never>, chunks: Iterable<BytesIn>, options?: DecoderOptions): readonly Decoded[] {
  const decoder = codec.createDecoder(options);
  const payloads: Decoded[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(payload);
  }
  decoder.end();
  return payloads;
}

/** Options of {@link checkCodec}. */
export interface CheckCodecOptions {
  /** Seed of the random cuts. @defaultValue 1 */
  readonly seed?: number;
  /** How many random cuts to try. @defaultValue 100 */
  readonly randomSplits?: number;
}

/**
 * Checks that `codec` reads back `payloads` however their frames are cut or glued: whole, byte by byte, at every
 * two-way split, at random splits, each frame in its own chunk, pushed ahead of `next`, as views and as copies; that one slab
 * holds the same bytes as single frames; and that a stream cut off at any byte that is no boundary is reported.
 *
 * @throws Error that says which cut broke and what came out instead.
 */
export function checkCodec(codec: Codec, payloads: readonly BytesIn[], options: CheckCodecOptions = {}): void {
  const frames = payloads.map((payload) => codec.encode(payload));
  const wire = sticky(frames);
  checkSlab(codec, payloads, wire);
  for (const payload of ['auto', 'view', 'copy'] as const) {
    expectPayloads(codec, [wire], payloads, `whole (payload: ${payload})`, { payload });
    expectPayloads(codec, drip(wire), payloads, `byte by byte (payload: ${payload})`, { payload });
  }
  expectPayloads(codec, frames, payloads, 'one frame a chunk');
  for (const chunks of everySplit(wire)) expectPayloads(codec, chunks, payloads, `cut at byte ${chunks[0]?.length}`);
  const { seed = 1, randomSplits: count = 100 } = options;
  let index = 0;
  for (const chunks of randomSplits(wire, { seed, count })) {
    expectPayloads(codec, chunks, payloads, `random cut ${index++} of seed ${seed}: ${chunks.map((chunk) => chunk.length).join(',')}`);
    checkPushedAhead(codec, chunks, payloads);
  }
  checkTruncation(codec, frames, wire);
}

function checkSlab(codec: Codec, payloads: readonly BytesIn[], wire: Bytes): void {
  const writer = createFrameWriter({ slabBytes: 16 });
  for (const payload of payloads) codec.encodeInto(writer, payload);
  expectBytes(writer.take(), wire, `${codec.name}: encodeInto differs from encode`);
}

function checkPushedAhead(codec: Codec, chunks: readonly Bytes[], payloads: readonly BytesIn[]): void {
  const decoder = codec.createDecoder();
  const decoded: Bytes[] = [];
  for (const chunk of chunks) decoder.push(chunk);
  for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) decoded.push(payload);
  decoder.end();
  comparePayloads(codec, decoded, payloads, `every chunk pushed before the first next (${chunks.map((chunk) => chunk.length).join(',')})`);
}

function checkTruncation(codec: Codec, frames: readonly Bytes[], wire: Bytes): void {
  const boundaries = new Set([0]);
  let boundary = 0;
  for (const frame of frames) boundaries.add((boundary += frame.length));
  for (let at = 0; at < wire.length; at++) {
    const decoder = codec.createDecoder();
    decoder.push(wire.subarray(0, at));
    while (decoder.next() !== undefined);
    const error = thrownBy(() => decoder.end());
    const isBoundary = boundaries.has(at);
    if (isBoundary && error !== undefined) throw new Error(`${codec.name}: end() after whole frames (byte ${at}) throws`, { cause: error });
    if (!isBoundary && (!(error instanceof FrameError) || error.code !== 'FRAME_ERR_TRUNCATED')) {
      throw new Error(`${codec.name}: a stream cut off at byte ${at} is not FRAME_ERR_TRUNCATED`, { cause: error });
    }
  }
}

function expectPayloads(
  codec: Codec,
  chunks: readonly BytesIn[],
  payloads: readonly BytesIn[],
  cut: string,
  options?: DecoderOptions,
): void {
  let decoded: readonly Bytes[];
  try {
    decoded = decodeAll(codec, chunks, options);
  } catch (cause) {
    throw new Error(`${codec.name}, ${cut}: decoding throws ${String(cause)}`, { cause });
  }
  comparePayloads(codec, decoded, payloads, cut);
}

function comparePayloads(codec: Codec, decoded: readonly Bytes[], payloads: readonly BytesIn[], cut: string): void {
  if (decoded.length !== payloads.length) {
    throw new Error(`${codec.name}, ${cut}: ${decoded.length} payloads, expected ${payloads.length}`);
  }
  for (const [index, payload] of payloads.entries())
    expectBytes(decoded[index], payload, `${codec.name}, ${cut}: payload ${index} differs`);
}

function expectBytes(seen: BytesIn | undefined, expected: BytesIn, message: string): void {
  if (seen === undefined || seen.length !== expected.length || seen.some((byte, at) => byte !== expected[at])) {
    throw new Error(`${message}: ${show(seen)}, expected ${show(expected)}`);
  }
}

function show(bytes: BytesIn | undefined): string {
  if (bytes === undefined) return 'none';
  const hex = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${bytes.length} bytes [${hex}${bytes.length > 32 ? ' …' : ''}]`;
}

function thrownBy(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Numbers in [0, 1) from a seed: mulberry32, public domain. */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
