import { quoted, readingOf, tooManyCharacters } from './reading.ts';
import type { Reading } from './reading.ts';
import type { Bytes } from '@socklab/framing';

const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', '\\': '\\' };

/** An escape, or a backslash that starts none. */
const ESCAPE = /\\(?:x(?<byte>[\da-fA-F]{2})|u\{(?<point>[\da-fA-F]{1,6})\}|(?<short>[nrt0\\])|(?<other>[^]?))/gu;

const LAST_CODE_POINT = 0x10_ffff;

// Controls, line separators, and marks that reorder or hide text; and the backslash, which starts an escape.
const ESCAPED =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u001f\\\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(SHORT).map(([name, character]) => [character, `\\${name}`]));

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads text as UTF-8, with the escapes of the command line: `\n \r \t \0 \\`, `\xHH` for a byte and `\u{H…}` for a character. Line breaks
 * of the text itself are bytes too.
 */
export function readText(text: string): Reading {
  const refused = tooManyCharacters(text);
  if (refused !== undefined) return refused;
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const meant = meaningOf(match, encoder);
    if (meant === undefined) return noEscape(match[0]);
    for (const byte of encoder.encode(text.slice(from, match.index))) bytes.push(byte);
    for (const byte of meant) bytes.push(byte);
    from = match.index + match[0].length;
  }
  for (const byte of encoder.encode(text.slice(from))) bytes.push(byte);
  return readingOf(bytes);
}

/** Bytes as text that `readText` reads as the same bytes: UTF-8 where they are, `\xHH` where not, control characters escaped. */
export function showText(bytes: Bytes): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return escape(whole);
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const end = at + characterBytes(bytes[at] ?? 0);
    const character = decoded(bytes.subarray(at, end));
    text += character === undefined || end > bytes.length ? hexEscape(bytes[at] ?? 0) : escape(character);
    at = character === undefined ? at + 1 : end;
  }
  return text;
}

function meaningOf({ groups = {} }: RegExpExecArray, encoder: TextEncoder): (ArrayLike<number> & Iterable<number>) | undefined {
  const { byte, point, short } = groups;
  if (byte !== undefined) return [Number.parseInt(byte, 16)];
  if (short !== undefined) return encoder.encode(SHORT[short]);
  const code = Number.parseInt(point ?? '', 16);
  return code <= LAST_CODE_POINT ? encoder.encode(String.fromCodePoint(code)) : undefined;
}

function noEscape(seen: string): Reading {
  const allowed = String.raw`\n \r \t \0 \\ \xHH \u{H}`;
  return {
    refusal: {
      en: `${quoted(seen)} is not an escape; allowed: ${allowed}`,
      zh: `${quoted(seen)} 不是转义序列；允许 ${allowed}`,
    },
  };
}

function decoded(bytes: Bytes): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

/** How many bytes the character has that begins like this. */
function characterBytes(lead: number): number {
  if (lead < 0xc2) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

function escape(text: string): string {
  return text.replaceAll(ESCAPED, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return NAMES.get(character) ?? (code < 0x80 ? hexEscape(code) : `\\u{${code.toString(16)}}`);
  });
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
