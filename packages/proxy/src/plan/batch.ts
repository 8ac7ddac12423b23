import type { FrameSpan } from '@socklab/probe';

/** Bytes that leave together, in as many pieces as the plan says. */
export interface Batch {
  readonly memory: Buffer;
  readonly byteLength: number;
  /** Where the first of them stands in the stream, in bytes. */
  readonly at: number;
  /** The frames that end in them, counted from their first byte; one that began before has a start below 0. */
  readonly frames: readonly FrameSpan[];
}

/** Where a batch is cut. One for each direction of each connection: it may remember what it saw. */
export interface Cutter {
  /** Looks at a batch before it is cut, where it must. */
  begin?(batch: Batch): void;
  /**
   * The first place after `after` where the batch is cut; its end when there is none. Asked from the front to the back.
   * Whatever it says, bytes are neither lost nor moved: it only chooses where one write ends and the next begins.
   */
  next(batch: Batch, after: number): number;
}

/** All cuts of all cutters. */
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

/** A cutter whose places in a batch are known as soon as the batch is. */
export function placesCutter(placesOf: (batch: Batch) => readonly number[]): Cutter {
  let places: readonly number[] = [];
  return {
    begin: (batch) => {
      places = placesOf(batch).toSorted((a, b) => a - b);
    },
    next: (batch, after) => Math.min(places.find((place) => place > after) ?? batch.byteLength, batch.byteLength),
  };
}
