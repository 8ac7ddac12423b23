import type { Bytes } from '@socklab/framing';

/** What a part of a frame is for. */
export type PartKind =
  /** Says how long the frame is. */
  | 'length'
  /** The same in every frame. */
  | 'magic'
  /** A field of the protocol. */
  | 'field'
  | 'payload'
  /** Stands for other bytes, or says how to read those behind it. */
  | 'escape'
  /** Tells where something begins or ends. */
  | 'delimiter'
  /** Ends a frame whose length is known without it. */
  | 'trailer';

/** A run of bytes of a frame. */
export interface ShownPart {
  readonly kind: PartKind;
  /** Offsets of its first byte and of the one after its last. */
  readonly start: number;
  readonly end: number;
  /** As the protocol's specification calls it, where that is more than its kind. */
  readonly name?: string;
  /** What it says, where it is complete. */
  readonly value?: string;
}

/**
 * Finds the parts of a frame. Of one that is not complete (`isWhole` is false) it tells what is there: parts end where the frame does, and
 * bytes that cannot be told are in none.
 */
export type FindParts = (frame: Bytes, isWhole: boolean) => readonly ShownPart[];

/** A part, or nothing where it has no bytes. */
export function partOf(kind: PartKind, start: number, end: number, facts: Pick<ShownPart, 'name' | 'value'> = {}): readonly ShownPart[] {
  return end > start ? [{ kind, start, end, ...facts }] : [];
}
