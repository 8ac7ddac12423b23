import { isDump, readDump } from './hex-dump.ts';
import { quoted, readingOf, tooManyCharacters } from './reading.ts';
import type { Reading } from './reading.ts';
import type { Bytes } from '@socklab/framing';
import type { Text } from '@socklab/lab';

/** One byte or more, a separator, or an invalid character. */
const TOKEN =
  /0x(?<prefixed>[\da-f]+)|\\x(?<escaped>[\da-f]{2})|(?<between><Buffer\b|b(?=["'])|[\s,;:\-_{}[\]()<>"']+)|(?<digits>[\da-f]+)|(?<other>[^])/giu;

/**
 * Parses hex as people paste it: pairs of digits with or without white space, commas, colons, brackets and quotes
 * between them, `0x00` and `\x00`; or a hex dump, whose offsets are checked.
 */
export function readHex(text: string): Reading {
  const refused = tooManyCharacters(text);
  if (refused !== undefined) return refused;
  const lines = text.split(/\r\n|\r|\n/);
  if (isDump(lines)) return readDump(lines);
  const bytes: number[] = [];
  for (const [index, line] of lines.entries()) {
    const refusal = readLine(line, index + 1, bytes);
    if (refusal !== undefined) return { refusal };
  }
  return readingOf(bytes);
}

/** Bytes as pairs of digits with `between` between them. */
export function showHex(bytes: Bytes, between: string = ' '): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(between);
}

function readLine(line: string, number: number, bytes: number[]): Text | undefined {
  for (const match of line.matchAll(TOKEN)) {
    const { prefixed, escaped, between, digits, other } = match.groups ?? {};
    if (between !== undefined) continue;
    if (other !== undefined) return noDigit(other, number, match.index + 1);
    // A C array writes 0x5 for a byte.
    const pairs = prefixed?.length === 1 ? `0${prefixed}` : (prefixed ?? escaped ?? digits ?? '');
    if (pairs.length % 2 === 1) return halfByte(match[0], number, match.index + 1);
    for (let at = 0; at < pairs.length; at += 2) bytes.push(Number.parseInt(pairs.slice(at, at + 2), 16));
  }
  return undefined;
}

function noDigit(seen: string, line: number, column: number): Text {
  return {
    en: `line ${line}, column ${column}: ${quoted(seen)} is not a hex digit; allowed: pairs of hex digits, spaces, commas, 0x and \\x, or a hex dump`,
    zh: `第 ${line} 行第 ${column} 列：${quoted(seen)} 不是十六进制数字；允许成对的十六进制数字、空格、逗号、0x、\\x，或十六进制转储`,
  };
}

function halfByte(seen: string, line: number, column: number): Text {
  return {
    en: `line ${line}, column ${column}: ${quoted(seen)} has an odd number of digits; a byte has two`,
    zh: `第 ${line} 行第 ${column} 列：${quoted(seen)} 的位数是奇数；一个字节是两位`,
  };
}
