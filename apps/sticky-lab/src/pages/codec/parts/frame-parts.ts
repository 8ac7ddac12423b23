import { framingOf } from '@socklab/framing';
import { headerParts } from './header-parts.ts';
import { partOf, type FindParts } from './part.ts';
import { cobsParts, slipParts } from './stuffed-parts.ts';
import { contentLengthParts, delimitedParts, digitsParts, lineParts } from './text-parts.ts';
import type { Layout } from '@socklab/framing';

const COLON = 0x3a;
const SPACE = 0x20;

/** Nothing but a payload. */
const payloadAlone: FindParts = ({ length }) => partOf('payload', 0, length);

/** What finds the parts of frames, by the kind of their layout. */
const FINDERS: { readonly [Kind in Layout['kind']]: (layout: Extract<Layout, { readonly kind: Kind }>) => FindParts } = {
  frame: headerParts,
  line: () => lineParts,
  delimited: delimitedParts,
  netstring: () => digitsParts(COLON, 1),
  'octet-counted': () => digitsParts(SPACE, 0),
  slip: () => slipParts,
  cobs: () => cobsParts,
  'content-length': () => contentLengthParts,
  raw: () => payloadAlone,
  fixed: () => payloadAlone,
  netty: () => payloadAlone,
};

/** How the frames of a framing are laid out, as its layout says. */
export function findPartsOf(framing: string): FindParts {
  const { layout } = framingOf(framing);
  const finderOf = FINDERS[layout.kind] as (each: Layout) => FindParts;
  return finderOf(layout);
}
