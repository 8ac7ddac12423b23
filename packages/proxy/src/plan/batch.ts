import type { FrameSpan } from '@socklab/probe';

/** Bytes to send, in the pieces that the plan asks for. */
export interface Batch {
  readonly memory: Buffer;
  readonly byteLength: number;
  /** Offset of the first byte in the stream. */
  readonly at: number;
  /** Frames that end in these bytes, as offsets from the first byte; a frame that began earlier has a negative start. */
  readonly frames: readonly FrameSpan[];
}

/** Decides where a batch is cut. One per direction and connection, as it may keep state. */
export interface Cutter {
  /** Inspects a batch before it is cut, for cutters that need to. */
  begin?(batch: Batch): void;
  /**
   * The first cut after the offset `after`, or the end of the batch if there is none. Called with ascending offsets.
   * A cutter can neither lose nor reorder bytes: it only chooses where one write ends and the next begins.
   */
  next(batch: Batch, after: number): number;
}

/** Combines the cuts of several cutters. */
export function joinCutters(cutters: readonly Cutter[]): Cutter {
  const [only] = cutters;
  if (only === undefined) return { next: ({ byteLength }) => byteLength };
  if (cutters.length === 1) return only;
  return {
    begin: (batch) => {
      for (const cutter of cutters) cutter.begin?.(batch);
    },
    next: (batch, after) => cutters.reduce((first, cutter) => Math.min(first, cutter.next(batch, after)), batch.byteLength),
  };
}

/** A cutter that computes all cuts of a batch in advance. */
export function placesCutter(placesOf: (batch: Batch) => readonly number[]): Cutter {
  let places: readonly number[] = [];
  return {
    begin: (batch) => {
      places = placesOf(batch).toSorted((a, b) => a - b);
    },
    next: (batch, after) => Math.min(places.find((place) => place > after) ?? batch.byteLength, batch.byteLength),
  };
}
