import { descriptionOf } from '../../described.ts';
import * as codecs from './plain-codecs.ts';
import type { ByteCodec } from '../../codec.ts';
import type { PlainDescription, PlainFormat } from '../plain-format.ts';

/** The kinds of layouts that have nothing to choose: the names of their functions. */
export type PlainKindName = keyof typeof codecs;

/** A format that has nothing to choose, and what makes its codec. */
export interface PlainKind extends PlainFormat {
  readonly create: (limit?: { readonly maxPayloadBytes?: number }) => ByteCodec;
}

/** Every {@link PlainKind}, by the kind of its layout. */
export const PLAIN_KINDS: Readonly<Record<PlainKindName, PlainKind>> = Object.fromEntries(
  Object.entries(codecs).map(([name, create]) => [name, plainKind(name, create)]),
) as Record<PlainKindName, PlainKind>;

/** What a function among the plain codecs makes. @throws Error that says what is missing in its file. */
export function plainKind(name: string, create: PlainKind['create']): PlainKind {
  const { plain, summary, isCanonical } = (descriptionOf(create()) ?? {}) as Partial<PlainDescription>;
  if (plain === name && summary !== undefined && isCanonical !== undefined) return { summary, isCanonical, create };
  throw new Error(
    `${name} is in plain-codecs.ts: it must return plainFormat(codec, { summary, isCanonical }), of a codec with the name ${name}`,
  );
}

/** Whether a kind of layout has nothing to choose. */
export function isPlain(kind: string): kind is PlainKindName {
  return Object.hasOwn(PLAIN_KINDS, kind);
}
