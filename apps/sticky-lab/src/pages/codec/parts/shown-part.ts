import type { Bytes } from '@socklab/framing';

/** The kind of a part of a frame. */
export type PartKind =
  /** Says how long the frame is. */
  | 'length'
  /** The same in every frame. */
  | 'magic'
  /** A field of the protocol. */
  | 'field'
  | 'payload'
  /** Stands for other bytes, or tells how to read those after it. */
  | 'escape'
  /** Marks where something begins or ends. */
  | 'delimiter'
  /** Ends a frame whose length is known without it. */
  | 'trailer';

/** A run of bytes of a frame. */
export interface ShownPart {
  readonly kind: PartKind;
  /** Offsets of its first byte and after its last. */
  readonly start: number;
  readonly end: number;
  /** Its name in the protocol's specification, if that is more than its kind. */
  readonly name?: string;
  /** Its value, if complete. */
  readonly value?: string;
}

/**
 * Finds the parts of a frame. Of an incomplete frame (`isWhole` is false) it returns what is there: parts end where the frame does, and
 * unclear bytes are in none.
 */
export type FindParts = (frame: Bytes, isWhole: boolean) => readonly ShownPart[];

/** A part, or nothing if it is empty. */
export function partOf(kind: PartKind, start: number, end: number, facts: Pick<ShownPart, 'name' | 'value'> = {}): readonly ShownPart[] {
  return end > start ? [{ kind, start, end, ...facts }] : [];
}
