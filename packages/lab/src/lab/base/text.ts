import { printable } from '@socklab/service';
import type { Text } from '../../text.ts';
import type { Bytes, BytesIn } from '@socklab/framing';

const encoder = new TextEncoder();

/** The UTF-8 bytes of `text`. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Bytes as text: what is not UTF-8, and control characters, escaped. */
export function shown(bytes: BytesIn): string {
  return printable(bytes);
}

/** Longest text that a picture shows of a message, in bytes of the message. */
const MAX_EXCERPT_BYTES = 64;

/** The beginning of {@link shown}, and how much was left out. */
export function excerpt(bytes: BytesIn): string {
  return printable(bytes, MAX_EXCERPT_BYTES);
}

/** What reads the same in every language: a number, bytes, a name. */
export function alike(text: string): Text {
  return { en: text, zh: text };
}

/** Texts in quotes, one after the other: `'hello', ''`. */
export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `'${text}'`).join(', ');
}

/** Bytes in hex: `07 b2 01 00`. */
export function hex(bytes: BytesIn): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
