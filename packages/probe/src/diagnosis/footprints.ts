import { insideLineEnds } from '../plans/kinds/cuts/crlf.ts';
import { insideCodePoints } from '../plans/kinds/cuts/utf8.ts';
import type { Bug, Bytes, Cut, FrameSpan } from '../types.ts';

/** The send that a footprint is computed for. */
export interface Ground {
  readonly bytes: Bytes;
  readonly frames?: readonly FrameSpan[];
}

/** The cuts at which one bug fails. */
export interface Footprint {
  readonly bug: Bug;
  /** Completes "4 of 4 cuts … fail". */
  readonly where: string;
  /** Least part of its cuts that must fail. @defaultValue 0.5 */
  readonly leastShare?: number;
  /** Marks the cuts in it. */
  readonly cover: (ground: Ground, mark: Mark) => void;
}

/** Marks cuts, those strictly between two offsets or single ones: one byte a position, as requests may be long. */
export interface Mark {
  readonly between: (start: number, end: number) => void;
  readonly each: (cuts: readonly Cut[]) => void;
}

/** The positions of a footprint: 1 at each of its cuts. */
export function footprintOf({ cover }: Footprint, ground: Ground): Uint8Array {
  const covered = new Uint8Array(ground.bytes.length);
  cover(ground, {
    between: (start, end) => covered.fill(1, start + 1, Math.max(start + 1, end)),
    each: (cuts) => {
      for (const cut of cuts) covered[cut] = 1;
    },
  });
  return covered;
}

function ofFrames(coverOne: (frame: FrameSpan, mark: Mark, index: number) => void): Footprint['cover'] {
  return ({ frames = [] }, mark) => {
    for (const [index, frame] of frames.entries()) coverOne(frame, mark, index);
  };
}

const inHeader = ({ start, payloadStart }: FrameSpan, mark: Mark) => mark.between(start, payloadStart);
const inPayload = ({ payloadStart, payloadEnd }: FrameSpan, mark: Mark) => mark.between(payloadStart, payloadEnd);
const inTrailer = ({ payloadEnd, end }: FrameSpan, mark: Mark) => mark.between(payloadEnd, end);
const inFrame = ({ start, end }: FrameSpan, mark: Mark) => mark.between(start, end);

/** The footprints of all bugs that single cuts can show. */
export const FOOTPRINTS: readonly Footprint[] = [
  { bug: 'text-per-chunk', where: 'inside a character', cover: ({ bytes }, mark) => mark.each(insideCodePoints(bytes)) },
  {
    bug: 'delimiter-per-chunk',
    where: 'inside a delimiter',
    cover: (ground, mark) => {
      mark.each(insideLineEnds(ground.bytes));
      ofFrames(inTrailer)(ground, mark);
    },
  },
  { bug: 'header-one-recv', where: 'inside a header', cover: ofFrames(inHeader) },
  { bug: 'payload-one-recv', where: 'inside a payload', cover: ofFrames(inPayload) },
  {
    bug: 'each-part-one-recv',
    where: 'inside a header or a payload, but not between them,',
    cover: ofFrames((frame, mark) => {
      inHeader(frame, mark);
      inPayload(frame, mark);
    }),
  },
  {
    bug: 'leftover-lost',
    where: 'inside a frame that is not the first',
    cover: ofFrames((frame, mark, index) => (index === 0 ? undefined : inFrame(frame, mark))),
  },
  {
    bug: 'recv-is-message',
    where: 'inside a message',
    // A server that takes a read for a message fails at each cut: a cut that passes speaks against it.
    leastShare: 0.9,
    cover: (ground, mark) => (ground.frames === undefined ? mark.between(0, ground.bytes.length) : ofFrames(inFrame)(ground, mark)),
  },
];
