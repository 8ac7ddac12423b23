/** What holds for every codec of the registry, every preset and every option that changes how bytes are read. */
import { expect, test } from 'vitest';
import {
  FRAMINGS,
  FrameError,
  asciiDecimal,
  constant,
  crc32,
  custom,
  delimited,
  erlang,
  fixed,
  frame,
  fromNetty,
  line,
  octetCounted,
  postgresStartup,
  tpkt,
  u16be,
  u8,
  varint,
  websocket,
} from '../../src/index.ts';
import { drip, randomSplits, sticky } from '../../src/testing.ts';
import { bytes, toHex } from '../support/bytes.ts';
import type { Bytes, Codec } from '../../src/index.ts';

const LIMIT = 24;
const limit = { maxPayloadBytes: LIMIT };

const lineCodecs = (['lf', 'lf-or-crlf', 'crlf'] as const).flatMap((ending) =>
  (['error', 'emit'] as const).map((unended) => [`line ${ending}, ${unended}`, line({ ending, unended, maxPayloadBytes: 3 })] as const),
);

const codecs: readonly (readonly [string, Codec])[] = [
  ...FRAMINGS.map((entry) => [entry.name, entry.create({ maxPayloadBytes: 64 })] as const),
  ...lineCodecs,
  ['octetCounted with lines', octetCounted({ fallback: 'lf', maxPayloadBytes: 3 })],
  ['delimited', delimited({ delimiters: ['\r\n', '\n', ';;'], maxPayloadBytes: 3 })],
  ['delimited, emit', delimited({ delimiters: ['\r\n', ';;'], unended: 'emit', maxPayloadBytes: 3 })],
  ['delimited, kept', delimited({ delimiters: ['\n', ';'], strip: false, maxPayloadBytes: 3 })],
  ['fixed', fixed(5)],
  ['erlang', erlang({ packet: 1, ...limit })],
  ['tpkt', tpkt(limit)],
  ['postgresStartup', postgresStartup(limit)],
  ['websocket', websocket(limit)],
  ['netty', fromNetty({ maxFrameLength: 20, lengthFieldOffset: 1, lengthFieldLength: 2, initialBytesToStrip: 3 })],
  ['varint, overlong', frame({ header: { length: varint({ overlong: 'accept' }) }, ...limit })],
  ['decimal', frame({ header: { length: asciiDecimal({ end: ':' }) }, trailer: constant(0x2c), ...limit })],
  ['checksum', frame({ header: { magic: constant(0x0d, 0x0a), length: u16be }, trailer: crc32(), padding: { to: 4 }, ...limit })],
  ['whole frames', frame({ header: { length: u8 }, counts: 'frame', trailer: constant(0x0a), emit: 'frame', ...limit })],
  ['custom, a length', custom({ name: 'kind', measure: (b, start, end) => (end - start < 2 ? 0 : 2 + b[start + 1]!), ...limit })],
  ['custom, a byte', custom({ name: 'end', measure: (b, start, end) => b.subarray(start, end).indexOf(10) + 1, maxPayloadBytes: 5 })],
  ['custom, short header', custom({ name: 'end', measure: (b, start, end) => b.subarray(start, end).indexOf(10) + 1, maxHeaderBytes: 4 })],
];

/** Numbers below `count`, the same ones for each seed. */
function numbers(seed: number): (count: number) => number {
  let state = seed * 2_654_435_761;
  return (count) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e37_79b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % count;
  };
}

const ALPHABET = [0, 1, 2, 3, 5, 0x0a, 0x0d, 0x20, 0x2c, 0x30, 0x31, 0x32, 0x3a, 0x3b, 0x61, 0x7f, 0x80, 0xc0, 0xdb, 0xdc, 0xff];

/** Bytes of an alphabet in which every format finds something, and frames of the codec with some of them between. */
function streamOf(codec: Codec, examples: readonly Bytes[], seed: number): Bytes {
  const pick = numbers(seed);
  const parts: Bytes[] = [];
  for (let part = pick(5) + 1; part > 0; part--) {
    const run = Uint8Array.from({ length: pick(9) }, () => ALPHABET[pick(ALPHABET.length)]!);
    const payload = examples.length > 0 ? examples[pick(examples.length)]! : run;
    parts.push(pick(3) === 0 ? run : (frameOf(codec, payload) ?? run));
  }
  const stream = sticky(parts);
  for (let changes = pick(3); changes > 0 && stream.length > 0; changes--) stream[pick(stream.length)] = ALPHABET[pick(ALPHABET.length)]!;
  return stream;
}

function frameOf(codec: Codec, payload: Bytes): Bytes | undefined {
  try {
    return codec.encode(payload);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return undefined;
  }
}

interface Reading {
  readonly payloads: readonly Bytes[];
  readonly error: FrameError | undefined;
}

/** Reads `chunks` to their end; `isAhead` pushes all of them before the first payload is taken. */
function read(codec: Codec, chunks: readonly Bytes[], isAhead: boolean): Reading {
  const decoder = codec.createDecoder();
  const payloads: Bytes[] = [];
  const drain = (): void => {
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(payload.slice());
  };
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      if (!isAhead) drain();
    }
    drain();
    decoder.end();
    drain();
    expect(decoder.bufferedBytes).toBe(0);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    for (const call of [() => decoder.end(), () => decoder.next(), () => decoder.push(bytes('x')), () => decoder.detach()]) {
      expect(call).toThrow(error);
    }
    return { payloads, error };
  }
  return { payloads, error: undefined };
}

function factsOf({ payloads, error }: Reading, keepsBoundaries: boolean): unknown {
  const { code, offset, frameIndex, declared, limit: allowed } = error ?? {};
  const shown = keepsBoundaries ? payloads.map(toHex) : toHex(sticky(payloads));
  return { shown, code, offset, frameIndex, declared, limit: allowed };
}

test.each(codecs)(
  '%s: what comes out, and what is wrong where, never depends on the cut; every later call throws the same error',
  (name, codec) => {
    const entry = FRAMINGS.find((framing) => framing.name === name);
    const keepsBoundaries = entry?.keepsBoundaries ?? true;
    for (let seed = 1; seed <= 400; seed++) {
      const stream = streamOf(codec, entry?.exampleFrames ?? [], seed);
      const expected = factsOf(read(codec, [stream], false), keepsBoundaries);
      for (const chunks of [drip(stream), ...randomSplits(stream, { seed, count: 2 })]) {
        for (const isAhead of [false, true]) {
          expect(factsOf(read(codec, chunks, isAhead), keepsBoundaries), `seed ${seed}: ${toHex(stream)}`).toEqual(expected);
        }
      }
    }
  },
);

test.each(codecs)('%s: every payload that a decoder hands out can be encoded, and is read back', (name, codec) => {
  const examples = FRAMINGS.find((framing) => framing.name === name)?.exampleFrames ?? [];
  for (let seed = 1; seed <= 400; seed++) {
    const stream = streamOf(codec, examples, seed);
    for (const payload of read(codec, [stream], false).payloads) {
      expect(read(codec, [codec.encode(payload)], false).payloads.map(toHex), `seed ${seed}: ${toHex(stream)}`).toEqual([toHex(payload)]);
    }
  }
});
