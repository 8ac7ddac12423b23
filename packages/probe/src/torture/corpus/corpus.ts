/**
 * The torture corpus of one framing: streams, the expected result of a decoder for each, and how each is cut.
 *
 * ```
 * layout --streams/--> TortureCorpus --tests--> one test: a stream and its cuts --run/--> verdict
 * ```
 */

import type { Bytes, FrameSpan } from '../../types.ts';

/** The version of the files under `vectors/`. It changes when a reader of the old ones could be misled. */
export const CORPUS_VERSION = 1;

/** An expected payload, and when. */
export interface DuePayload {
  readonly bytes: Bytes;
  /** How many bytes of the stream it takes: with them it is due, not later. One more than there are stands for the end of the stream. */
  readonly due: number;
}

/**
 * How a stream ends. `clean`: between frames, without an error. `truncated`: inside a frame, which must be an error once the stream ended.
 * `refused`: its last bytes must be refused when they arrive, before the stream ends.
 */
export type StreamEnding = 'clean' | 'truncated' | 'refused';

/** The input of a decoder on one connection, and its expected output. */
export interface TortureStream {
  /** Its description, in a few words. */
  readonly about: string;
  /** Longest payload that the decoder accepts, in bytes: the framing's `maxPayloadBytes`. */
  readonly limit: number;
  readonly wire: Bytes;
  /** Where its frames are; absent where the bytes are not whole frames. */
  readonly frames?: readonly FrameSpan[];
  readonly payloads: readonly DuePayload[];
  readonly ending: StreamEnding;
}

/**
 * Cuts of one stream: `none`, one test; `each`, a test for every place; `pairs`, one for every two places; `all`, byte by byte; chunks of a
 * given size; or a list of tests, each with its cuts.
 */
export type Cutting = 'none' | 'each' | 'pairs' | 'all' | { readonly every: number } | readonly (readonly number[])[];

/** Tests of one stream. */
export interface TortureGroup {
  readonly plan: TorturePlanName;
  /** The stream, counted from 0. */
  readonly stream: number;
  readonly cuts: Cutting;
}

/** All tests for decoders of one framing. */
export interface TortureCorpus {
  /** The framing: its name, and the text that `framingOf` takes. */
  readonly framing: string;
  readonly text: string;
  readonly streams: readonly TortureStream[];
  readonly groups: readonly TortureGroup[];
}

/** One test: a stream, and where its chunks end. */
export interface TortureTest {
  /** Its plan and its place there: `every-cut#17`. */
  readonly id: string;
  readonly plan: TorturePlanName;
  readonly stream: TortureStream;
  readonly cuts: readonly number[];
}

/** One kind of test. */
export interface TorturePlan {
  readonly name: TorturePlanName;
  /** One sentence on what it tests. */
  readonly summary: string;
}

export type TorturePlanName =
  | 'lengths'
  | 'every-cut'
  | 'header-cut'
  | 'drip'
  | 'every-pair'
  | 'glue'
  | 'glue+cut'
  | 'empty'
  | 'truncation'
  | 'limit'
  | 'limit-early'
  | 'malformed';

/** Every kind of test, in the order of execution. */
export const TORTURE_PLANS: readonly TorturePlan[] = [
  {
    name: 'lengths',
    summary: 'one frame in one chunk: each length at the edges of each width of a prefix, and bytes that look like frames',
  },
  { name: 'every-cut', summary: 'frames up to 257 bytes, and several of them, in two chunks: at each place' },
  { name: 'header-cut', summary: 'long frames in two chunks: at each byte of the header, at the end of the payload, in the trailer' },
  { name: 'drip', summary: 'byte by byte, also only the header and the end of long frames, and in chunks of 2, 3 and 7 bytes' },
  { name: 'every-pair', summary: 'three frames in three chunks: at every two places' },
  { name: 'glue', summary: 'several frames in one chunk, up to a thousand' },
  { name: 'glue+cut', summary: 'chunks that hold the end of one frame and the head of the next' },
  { name: 'empty', summary: 'empty payloads, alone and between others, and a stream without a frame' },
  { name: 'truncation', summary: 'a stream that ends in the middle of a frame: whole payloads are given, and then an error' },
  { name: 'limit', summary: 'a payload as long as the limit is taken, one that is a byte longer is refused' },
  { name: 'limit-early', summary: 'too long a payload is refused before it is there, by its header where there is one' },
  { name: 'malformed', summary: 'a mark, a length or a checksum that is not as it must be is refused' },
];

/** Every test of a corpus, in order. */
export function testsOf({ streams, groups }: TortureCorpus): readonly TortureTest[] {
  const numbers = new Map<string, number>();
  return groups.flatMap(({ plan, stream: index, cuts }) => {
    const stream = streams[index]!;
    return cutsOfGroup(cuts, stream.wire.length).map((each): TortureTest => {
      const number = numbers.get(plan) ?? 0;
      numbers.set(plan, number + 1);
      return { id: `${plan}#${number}`, plan, stream, cuts: each };
    });
  });
}

function cutsOfGroup(cuts: Cutting, byteLength: number): readonly (readonly number[])[] {
  const places = (every = 1): number[] =>
    Array.from({ length: Math.max(0, Math.ceil(byteLength / every) - 1) }, (_, index) => (index + 1) * every);
  if (cuts === 'none') return [[]];
  if (cuts === 'all') return [places()];
  if (cuts === 'each') return places().map((cut) => [cut]);
  if (cuts === 'pairs')
    return places().flatMap((first) =>
      places()
        .filter((second) => second > first)
        .map((second) => [first, second]),
    );
  return isList(cuts) ? cuts : [places(cuts.every)];
}

function isList(cuts: Exclude<Cutting, string>): cuts is readonly (readonly number[])[] {
  return Array.isArray(cuts);
}
