import { framingOf } from '@socklab/framing';
import { headerParts } from './header-parts.ts';
import { partOf } from './shown-part.ts';
import { cobsParts, slipParts } from './stuffed-parts.ts';
import { contentLengthParts, digitsParts, lineParts } from './text-parts.ts';
import type { FindParts } from './shown-part.ts';
import type { Layout } from '@socklab/framing';

const COLON = 0x3a;
const SPACE = 0x20;

/** Nothing but a payload. */
const payloadAlone: FindParts = ({ length }) => partOf('payload', 0, length);

/** The layout of a framing's frames. */
export function findPartsOf(framing: string): FindParts {
  const { layout } = framingOf(framing);
  return layout.kind === 'frame' ? headerParts(layout) : FINDERS[layout.kind];
}

/** Finders for frames without a header of fields, by the kind of their layout. */
const FINDERS: Readonly<Record<Exclude<Layout['kind'], 'frame'>, FindParts>> = {
  raw: payloadAlone,
  fixed: payloadAlone,
  delimited: payloadAlone,
  netty: payloadAlone,
  // No framing with a name is of these kinds: they are for layouts in files.
  choice: payloadAlone,
  fragments: payloadAlone,
  resp: payloadAlone,
  stuffed: payloadAlone,
  text: payloadAlone,

  line: lineParts,
  netstring: digitsParts(COLON, 1),
  'octet-counted': digitsParts(SPACE, 0),
  slip: slipParts,
  cobs: cobsParts,
  'content-length': contentLengthParts,
};
