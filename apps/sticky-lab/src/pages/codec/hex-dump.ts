import { quoted, readingOf } from './reading.ts';
import type { Reading } from './reading.ts';
import type { Text } from '@socklab/lab';

/** The offset at the start of a line of a dump: `00000010:` of xxd and tcpdump, `00000010  ` of hexdump -C and Wireshark, `0000020 ` of od. */
const LINE = /^\s*(?:0x)?(?<offset>[\da-f]{4,16})(?<after>:(?=\s|$)|(?=\s{2,}|\t)|(?=\s)|$)(?<rest>.*)$/iu;

/** The column of text at the end of a line of hexdump -C, or of od -z. */
const FRAMED_TEXT = /(?:^|\s)\s*(?:\|.*\|?|>.*<)\s*$/u;

const PAIRS = /^(?:[\da-f]{2} )*[\da-f]{2}$/iu;
const GROUPS = /^(?:(?:[\da-f]{2}){1,8} )*(?:[\da-f]{2}){1,8}$/iu;

/** od writes offsets of seven digits, in octal. */
const OD_DIGITS = 7;
/** hexdump -C leaves a gap after eight bytes. */
const HALF_LINE_CHARACTERS = 'hh '.repeat(8).length - 1;

interface DumpLine {
  readonly offset: number;
  /** Groups of several bytes are in memory order; od and plain hexdump swap them on most machines. */
  readonly allowed: RegExp;
  /** The text after the offset, without a framed text column. */
  readonly rest: string;
  readonly hasGap: boolean;
}

/** Whether the first non-empty line begins with an offset. Bytes alone never look like one. */
export function isDump(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== '');
  const { offset = '', after = '', rest = '' } = LINE.exec(first ?? '')?.groups ?? {};
  if (rest.trim() === '') return false;
  if (after === ':' || offset.length === OD_DIGITS) return true;
  // Without a colon, it may be bytes with a wide space behind them.
  return /^(?:\s{2,}|\t)/u.test(rest) && (Number.parseInt(offset, 16) === 0 || FRAMED_TEXT.test(rest));
}

/** Parses the lines of a hex dump: offset, bytes, and a text column that is ignored. Each offset must follow from the previous lines. */
export function readDump(lines: readonly string[]): Reading {
  const bytes: number[] = [];
  let base: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const number = index + 1;
    if (line.trim() === '*') return { refusal: leftOut(number) };
    const parsed = parse(line);
    if (parsed === undefined) return { refusal: noOffset(number, line) };
    base ??= parsed.offset;
    if (parsed.offset - base !== bytes.length) return { refusal: wrongOffset(number, parsed.offset - base, bytes.length) };
    const hex = hexOf(parsed);
    if (hex === undefined) return { refusal: noBytes(number, parsed.rest) };
    for (const pair of hex.match(/[\da-f]{2}/giu) ?? []) bytes.push(Number.parseInt(pair, 16));
  }
  return readingOf(bytes);
}

function parse(line: string): DumpLine | undefined {
  const { offset, after, rest = '' } = LINE.exec(line)?.groups ?? {};
  if (offset === undefined) return undefined;
  const isOd = offset.length === OD_DIGITS;
  const hasColon = after === ':';
  return {
    offset: Number.parseInt(offset, isOd ? 8 : 16),
    allowed: isOd ? PAIRS : GROUPS,
    rest: (hasColon ? rest : rest.replace(FRAMED_TEXT, '')).trim(),
    hasGap: !hasColon,
  };
}

/** The digits of a line's bytes; none for a line with only an offset, such as the last one of hexdump. */
function hexOf({ rest, allowed, hasGap }: DumpLine): string | undefined {
  if (rest === '') return '';
  const [first = '', gap = '', second = ''] = rest.split(/(\s{2,}|\t)/u);
  const isHalf = hasGap && gap === '  ' && PAIRS.test(first) && first.length === HALF_LINE_CHARACTERS && PAIRS.test(second);
  const hex = isHalf ? `${first} ${second}` : first;
  return allowed.test(hex) ? hex : undefined;
}

function leftOut(line: number): Text {
  return {
    en: `line ${line} is *, which stands for lines that were left out; dump with all of them: hexdump -v, od -v`,
    zh: `第 ${line} 行是 *，表示省略了重复的行；请完整导出：hexdump -v、od -v`,
  };
}

function noOffset(line: number, seen: string): Text {
  return {
    en: `line ${line} of the dump begins with no offset: ${quoted(seen.trim())}`,
    zh: `转储的第 ${line} 行没有以偏移量开头：${quoted(seen.trim())}`,
  };
}

function wrongOffset(line: number, offset: number, bytes: number): Text {
  return {
    en: `line ${line} of the dump begins at ${offset}, but ${bytes} bytes stand before it`,
    zh: `转储的第 ${line} 行从 ${offset} 开始，但它前面有 ${bytes} 字节`,
  };
}

function noBytes(line: number, seen: string): Text {
  return {
    en: `line ${line} of the dump has no bytes in pairs of hex digits: ${quoted(seen)}; xxd, hexdump -C and od -t x1 write them`,
    zh: `转储的第 ${line} 行没有成对的十六进制数字：${quoted(seen)}；请用 xxd、hexdump -C 或 od -t x1`,
  };
}
