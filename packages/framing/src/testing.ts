/**
 * Tests a codec, of this package or of anyone's, against the contract. Works with any test runner: a broken codec throws.
 */

import { FrameError } from './errors.ts';
import { isSameMessage, shownMessage } from './testing/same-message.ts';
import { createFrameWriter } from './writer.ts';
import type { ByteDecoder, Bytes, BytesIn, Codec, Decoder, DecoderOptions } from './codec.ts';
import type { FieldsDecoder } from './frame/fields-codec.ts';

/**
 * Parses chunks from hex: `|` cuts, spaces are ignored. `split('0a|0000 7b')` is one chunk of one byte and one of
 * three; nothing between two cuts is an empty chunk.
 *
 * @throws RangeError when a chunk is not hex, or has half a byte.
 */
export function split(hex: string): readonly Bytes[] {
  return hex.split('|').map((chunk) => {
    const digits = chunk.replaceAll(/\s/g, '');
    if (!/^([\da-f]{2})*$/i.test(digits)) throw new RangeError(`a chunk must be pairs of hex digits, received ${JSON.stringify(chunk)}`);
    return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  });
}

/** Most lists that {@link everySplit} makes: for more, use {@link randomSplits}. */
const MAX_SPLITS = 1_000_000;

/** Options of {@link everySplit}. */
export interface EverySplitOptions {
  /** The number of chunks, which may be empty. @defaultValue 2 */
  readonly parts?: number;
}

/**
 * Every way to cut `bytes` into `parts`, including uncut. For two, these are `bytes.length + 1` lists of chunks; for
 * three about half the square of that.
 *
 * @throws RangeError when there are more than a million ways, or `parts` is not a whole number from 1 on.
 */
export function everySplit(bytes: Bytes, { parts = 2 }: EverySplitOptions = {}): Generator<readonly Bytes[]> {
  if (!Number.isSafeInteger(parts) || parts < 1) throw new RangeError(`parts is ${parts}; allowed: whole numbers from 1`);
  let count = 1;
  for (let part = 1; part < parts; part++) count = (count * (bytes.length + part)) / part;
  if (count > MAX_SPLITS) {
    throw new RangeError(`${bytes.length} bytes can be cut in ${parts} in ${count} ways; allowed: ${MAX_SPLITS}: use randomSplits`);
  }
  return splitsFrom(bytes, 0, parts);
}

function* splitsFrom(bytes: Bytes, start: number, parts: number): Generator<readonly Bytes[]> {
  if (parts === 1) {
    yield [bytes.subarray(start)];
    return;
  }
  for (let at = start; at <= bytes.length; at++) {
    for (const rest of splitsFrom(bytes, at, parts - 1)) yield [bytes.subarray(start, at), ...rest];
  }
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

/** Cuts `bytes` at random places, about one cut per eight bytes, without empty chunks. */
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
    if (start < bytes.length) chunks.push(bytes.subarray(start));
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
  const drain = (): void => {
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(payload);
  };
  for (const chunk of chunks) {
    decoder.push(chunk);
    drain();
  }
  decoder.end();
  drain();
  return payloads;
}

type AnyCodec = Codec<unknown, never>;

/** Options of {@link checkCodec}. */
export interface CheckCodecOptions {
  /** Seed of the random cuts. @defaultValue 1 */
  readonly seed?: number;
  /** How many random cuts to try. @defaultValue 100 */
  readonly randomSplits?: number;
}

/**
 * Checks that `codec` reads back `payloads` however their frames are cut or glued: whole, byte by byte, at every two-way split, at random splits, one frame a chunk, pushed
 * ahead of `next`, as views and as copies, from chunks whose memory is reused (as copies), and in place if the decoder supports it; that one slab holds the same bytes as
 * single frames; and that a stream cut off anywhere but at a boundary is reported, unless only idle bytes are left, such as the first END of SLIP. Payloads may be any
 * messages of the codec that decode to what was encoded: bytes, `{ header, payload }`, values.
 *
 * @throws Error that says which cut broke and what was decoded instead.
 */
export function checkCodec<Decoded, Encodable>(
  codec: Codec<Decoded, Encodable>,
  payloads: readonly Encodable[],
  options: CheckCodecOptions = {},
): void {
  const frames = payloads.map((payload) => codec.encode(payload));
  const wire = sticky(frames);
  checkSlab(codec, payloads, wire);
  for (const payload of ['auto', 'view', 'copy'] as const) {
    expectPayloads(codec, `whole (payload: ${payload})`, payloads, () => decodeAll(codec, [wire], { payload }));
    expectPayloads(codec, `byte by byte (payload: ${payload})`, payloads, () => decodeAll(codec, drip(wire), { payload }));
  }
  expectPayloads(codec, 'memory of the chunk reused', payloads, () => decodeAll(codec, reused([wire]), { payload: 'copy' }));
  expectPayloads(codec, 'one frame a chunk', payloads, () => decodeAll(codec, frames));
  for (const chunks of everySplit(wire)) {
    expectPayloads(codec, `cut at byte ${chunks[0]?.length}`, payloads, () => decodeAll(codec, chunks));
    expectPayloads(codec, `cut at byte ${chunks[0]?.length}, read in place`, payloads, () => decodeInPlace(codec, chunks));
  }
  checkRandomSplits(codec, wire, payloads, options);
  checkTruncation(codec, frames, wire);
}

function checkRandomSplits(codec: AnyCodec, wire: Bytes, payloads: readonly unknown[], options: CheckCodecOptions): void {
  const { seed = 1, randomSplits: count = 100 } = options;
  let index = 0;
  for (const chunks of randomSplits(wire, { seed, count })) {
    const cut = `random cut ${index++} of seed ${seed} (${chunks.map((chunk) => chunk.length).join(',')})`;
    expectPayloads(codec, cut, payloads, () => decodeAll(codec, chunks));
    expectPayloads(codec, `${cut}, read in place`, payloads, () => decodeInPlace(codec, chunks));
    expectPayloads(codec, `${cut}, every chunk pushed before the first next`, payloads, () => decodeAhead(codec, chunks));
    expectPayloads(codec, `${cut}, memory of chunks reused`, payloads, () => decodeAll(codec, reused(chunks), { payload: 'copy' }));
  }
}

function checkSlab<Encodable>(codec: Codec<unknown, Encodable>, payloads: readonly Encodable[], wire: Bytes): void {
  const writer = createFrameWriter({ slabBytes: 16 });
  for (const payload of payloads) codec.encodeInto(writer, payload);
  expectMessage(writer.take(), wire, `${codec.name}: encodeInto differs from encode`);
}

/** Decodes like {@link decodeAll}, after pushing every chunk. */
function decodeAhead(codec: AnyCodec, chunks: readonly Bytes[]): readonly unknown[] {
  const decoder = codec.createDecoder();
  const decoded: unknown[] = [];
  const drain = (): void => {
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) decoded.push(payload);
  };
  for (const chunk of chunks) decoder.push(chunk);
  drain();
  decoder.end();
  drain();
  return decoded;
}

/** Decodes like {@link decodeAll}, in place if the decoder supports it. */
function decodeInPlace(codec: AnyCodec, chunks: readonly Bytes[]): readonly unknown[] {
  const decoder = codec.createDecoder();
  if (!isInPlace(decoder)) return decodeAll(codec, chunks);
  const decoded: unknown[] = [];
  const drain = (): void => {
    while (decoder.advance()) {
      const payload = new Uint8Array(decoder.payloadMemory.subarray(decoder.payloadStart, decoder.payloadEnd));
      decoded.push('header' in decoder ? { header: decoder.header, payload } : payload);
    }
  };
  for (const chunk of chunks) {
    decoder.push(chunk);
    drain();
  }
  decoder.end();
  drain();
  return decoded;
}

function isInPlace(decoder: Decoder<unknown>): decoder is ByteDecoder | FieldsDecoder<unknown> {
  return 'advance' in decoder;
}

/** The same chunks, all in one memory that is overwritten as soon as the next one is asked for. */
function* reused(chunks: readonly Bytes[]): Generator<Bytes> {
  const memory = new Uint8Array(chunks.reduce((longest, chunk) => Math.max(longest, chunk.length), 0));
  for (const chunk of chunks) {
    memory.set(chunk);
    yield memory.subarray(0, chunk.length);
    memory.fill(0xee);
  }
}

function checkTruncation(codec: AnyCodec, frames: readonly Bytes[], wire: Bytes): void {
  const boundaries = new Set([0]);
  let boundary = 0;
  for (const frame of frames) boundaries.add((boundary += frame.length));
  for (let at = 0; at < wire.length; at++) {
    const error = thrownBy(() => decodeAll(codec, [wire.subarray(0, at)]));
    const isBoundary = boundaries.has(at);
    if (!isBoundary && error === undefined && isIdle(codec, frames, wire, at)) continue;
    if (isBoundary && error !== undefined) {
      throw new Error(`${codec.name}: a stream that ends between frames, at byte ${at}, throws ${describe(error)}`, { cause: error });
    }
    if (!isBoundary && (!(error instanceof FrameError) || error.code !== 'FRAME_ERR_TRUNCATED')) {
      const instead = error === undefined ? 'passes for whole' : `throws ${describe(error)}`;
      throw new Error(`${codec.name}: a stream cut off at byte ${at} ${instead}, expected FRAME_ERR_TRUNCATED`, { cause: error });
    }
  }
}

/** Whether the bytes from the last frame that ends before `at` up to `at` are idle, so that the next frame begins after them. */
function isIdle(codec: AnyCodec, frames: readonly Bytes[], wire: Bytes, at: number): boolean {
  let whole = 0;
  let boundary = 0;
  while (boundary + frames[whole]!.length <= at) boundary += frames[whole++]!.length;
  try {
    return (
      decodeAll(codec, [wire.subarray(0, at)]).length === whole && decodeAll(codec, [wire.subarray(at)]).length === frames.length - whole
    );
  } catch {
    return false;
  }
}

function expectPayloads(codec: AnyCodec, cut: string, payloads: readonly unknown[], decode: () => readonly unknown[]): void {
  let decoded: readonly unknown[];
  try {
    decoded = decode();
  } catch (cause) {
    throw new Error(`${codec.name}, ${cut}: decoding throws ${describe(cause)}`, { cause });
  }
  if (decoded.length !== payloads.length) {
    throw new Error(`${codec.name}, ${cut}: ${decoded.length} payloads, expected ${payloads.length}`);
  }
  for (const [index, payload] of payloads.entries()) {
    expectMessage(decoded[index], payload, `${codec.name}, ${cut}: payload ${index} differs`);
  }
}

function expectMessage(seen: unknown, expected: unknown, message: string): void {
  if (!isSameMessage(seen, expected)) throw new Error(`${message}: ${shownMessage(seen)}, expected ${shownMessage(expected)}`);
}

function describe(thrown: unknown): string {
  return String(thrown);
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
