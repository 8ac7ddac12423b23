import { printable } from '@socklab/service';
import type { Text } from '../../text.ts';
import type { Bytes, BytesIn } from '@socklab/framing';

const encoder = new TextEncoder();

/** The UTF-8 bytes of `text`. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Bytes as text; control characters and invalid UTF-8 are escaped. */
export function shown(bytes: BytesIn): string {
  return printable(bytes);
}

/** Most bytes of a message that a picture shows as text. */
const MAX_EXCERPT_BYTES = 64;

/** The start of {@link shown}, and how much was left out. */
export function excerpt(bytes: BytesIn): string {
  return printable(bytes, MAX_EXCERPT_BYTES);
}

/** Text that is the same in every language: a number, bytes, a name. */
export function alike(text: string): Text {
  return { en: text, zh: text };
}

/** Quoted texts, separated by commas: `'hello', ''`. */
export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `'${text}'`).join(', ');
}

/** Bytes in hex: `07 b2 01 00`. */
export function hex(bytes: BytesIn): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
