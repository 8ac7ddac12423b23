import { partsOf } from '@socklab/framing';
import { wordOf } from './protocol-words.ts';
import type { FindParts, ShownPart, PartKind } from './shown-part.ts';
import type { FramedLayout, FramePart } from '@socklab/framing';

const KINDS: Readonly<Record<FramePart['kind'], PartKind>> = {
  idle: 'delimiter',
  length: 'length',
  constant: 'magic',
  field: 'field',
  opaque: 'field',
  reserved: 'field',
  payload: 'payload',
  padding: 'trailer',
  checksum: 'trailer',
  trailer: 'trailer',
};

/** Kinds whose name adds nothing. */
const NAMELESS: ReadonlySet<FramePart['kind']> = new Set(['idle', 'length', 'payload', 'trailer']);

/** The parts of frames with a header: their names in the layout, their values, and the protocol's names for these. */
export function headerParts(layout: FramedLayout): FindParts {
  const find = partsOf(layout);
  return (frame) => find(frame).map((part) => shown(part, layout.name ?? ''));
}

function shown({ kind, name, start, end, value }: FramePart, protocol: string): ShownPart {
  const word = value === undefined ? undefined : wordOf(protocol, name, value);
  return {
    kind: KINDS[kind],
    start,
    end,
    ...(!NAMELESS.has(kind) && { name }),
    ...(value !== undefined && { value: word === undefined ? String(value) : `${value} ${word}` }),
  };
}
