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

/** How the frames of a framing are laid out, as its layout says. */
export function findPartsOf(framing: string): FindParts {
  return finderOf(framingOf(framing).layout);
}

function finderOf(layout: Layout): FindParts {
  switch (layout.kind) {
    case 'frame':
      return headerParts(layout);
    case 'line':
      return lineParts;
    case 'delimited':
      return delimitedParts(layout);
    case 'netstring':
      return digitsParts(COLON, 1);
    case 'octet-counted':
      return digitsParts(SPACE, 0);
    case 'slip':
      return slipParts;
    case 'cobs':
      return cobsParts;
    case 'content-length':
      return contentLengthParts;
    case 'raw':
    case 'fixed':
    case 'netty':
      return payloadAlone;
  }
}
