import { readingOf } from '../reading.ts';
import type { Reading } from '../reading.ts';

/** Fewer characters may be a word. */
const LEAST_CHARACTERS = 8;

/** Base64, standard or URL-safe, with or without line breaks. A single word does not count. */
export function base64(text: string): readonly ['base64', Reading] | undefined {
  const shown = text.trim().replaceAll(/\r?\n/gu, '');
  const isMeant = shown.length >= LEAST_CHARACTERS && shown.length % 4 === 0 && !/^[a-z]+$/u.test(shown);
  const bytes = isMeant ? decoded(shown) : undefined;
  return bytes === undefined ? undefined : ['base64', readingOf(bytes)];
}

/** The first peer's bytes of "Follow stream, YAML" of Wireshark. */
export function yamlStream(text: string): readonly ['yaml', Reading] | undefined {
  const entries = [...text.matchAll(/peer:\s*(?<peer>\d+)[^]*?data:\s*!!binary\s*\|\s*\n(?<data>(?:[ \t]+[\w+/=]+[ \t]*(?:\n|$))+)/gu)];
  const peer = entries[0]?.groups?.['peer'];
  if (peer === undefined) return undefined;
  const own = entries.filter(({ groups }) => groups?.['peer'] === peer).map(({ groups }) => groups?.['data'] ?? '');
  const parts = own.map((data) => decoded(data.replaceAll(/\s/gu, '')));
  return parts.includes(undefined) ? undefined : ['yaml', readingOf(parts.flatMap((part) => [...(part ?? [])]))];
}

function decoded(text: string): Uint8Array | undefined {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  if (!/^[a-z\d+/]+={0,2}$/iu.test(plain) || plain.replace(/=+$/u, '').length % 4 === 1) return undefined;
  return Uint8Array.from(atob(plain.replace(/=+$/u, '')), (character) => character.charCodeAt(0));
}
