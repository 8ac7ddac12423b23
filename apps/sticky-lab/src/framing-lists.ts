import { FRAMINGS } from '@socklab/framing';

// Lists of names alone: the page is built with what they are, and loads no framing for them.

/** Every framing, by name. */
export const FRAMING_NAMES: readonly string[] = FRAMINGS.map(({ name }) => name);

const framed = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries);

/** Those that keep boundaries. */
export const BOUNDED_FRAMINGS: readonly string[] = framed.map(({ name }) => name);

/** Those that carry any message: they keep boundaries, and are not whole frames of a protocol. */
export const PLAYGROUND_FRAMINGS: readonly string[] = framed
  .filter(({ exampleFrames }) => exampleFrames === undefined)
  .map(({ name }) => name);
