import { partOf, type FindParts, type Part, type PartKind } from './part.ts';
import type { Bytes, LengthField } from '@socklab/framing';

/** One field of a header, in the order on the wire. */
export interface HeaderField {
  readonly kind: PartKind;
  /** As the protocol calls it. Absent where it is nothing but a length. */
  readonly name?: string;
  /** How it is written, or how many bytes of it there are. */
  readonly field: LengthField | number;
  /** The protocol's word for a value. */
  readonly says?: (value: number) => string | undefined;
}

/** The parts of frames that have a header of these fields, then the payload, then so many bytes of trailer. */
export function headerParts(fields: readonly HeaderField[], trailerBytes: number = 0): FindParts {
  return (frame, isWhole) => {
    const parts: Part[] = [];
    let at = 0;
    for (const field of fields) {
      const end = endOf(field.field, frame, at);
      parts.push(...partOf(field.kind, at, Math.min(end, frame.length), factsOf(field, frame, at, end)));
      at = Math.min(end, frame.length);
    }
    const payloadEnd = isWhole ? Math.max(at, frame.length - trailerBytes) : frame.length;
    return [...parts, ...partOf('payload', at, payloadEnd), ...partOf('trailer', payloadEnd, frame.length)];
  };
}

/** Where a field ends; beyond the frame where it is not complete. */
function endOf(field: LengthField | number, frame: Bytes, at: number): number {
  if (typeof field === 'number') return at + field;
  if ('byteLength' in field) return at + field.byteLength;
  const bytes = field.measure(frame, at, frame.length);
  return bytes > 0 ? at + bytes : frame.length + 1;
}

function factsOf({ name, field, says }: HeaderField, frame: Bytes, at: number, end: number): Pick<Part, 'name' | 'value'> {
  const named = name === undefined ? {} : { name };
  if (typeof field === 'number' || end > frame.length) return named;
  const value = field.read(frame, at, end - at);
  const word = says?.(value);
  return { ...named, value: word === undefined ? String(value) : `${value} ${word}` };
}
