import { readingOf } from '../reading.ts';
import type { Reading } from '../reading.ts';

const STRING = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/u;
const ESCAPE = /\\(?:x(?<hex>[\da-f]{1,2})|u(?<unicode>[\da-f]{4})|(?<octal>[0-7]{1,3})|(?<short>[abfnrtv\\'"?]))/giu;
const SHORT: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };
/** The strace calls that carry bytes. */
const CALL =
  /\b(?<name>read|write|send|recv|sendto|recvfrom|pread64|pwrite64)\((?<fd>\d+)(?:<[^>]*>)?,\s*(?<text>"(?:[^"\\]|\\[^])*")(?<more>\.{3})?/gu;

/** `b'...'` of Python, or a string in quotes with escapes. */
export function quotedBytes(text: string): readonly ['python' | 'string', Reading] | undefined {
  const python = new RegExp(String.raw`^\s*(?:b(?:${STRING.source})\s*)+$`, 'u');
  const string = new RegExp(String.raw`^\s*(?:(?:${STRING.source})\s*)+;?\s*$`, 'u');
  const form = python.test(text) ? 'python' : string.test(text) && text.includes('\\') ? 'string' : undefined;
  if (form === undefined) return undefined;
  const strings = text.match(new RegExp(STRING.source, 'gu')) ?? [];
  return [form, readingOf(strings.flatMap(bytesOf))];
}

/** The bytes of a trace's calls, of those with the name and the descriptor of the first. */
export function straceBytes(text: string): readonly ['strace', Reading] | undefined {
  const calls = [...text.matchAll(CALL)].map(({ groups = {} }) => groups);
  const [first] = calls;
  if (first === undefined) return undefined;
  const own = calls.filter(({ name, fd }) => name === first['name'] && fd === first['fd']);
  if (own.some(({ more }) => more !== undefined)) return ['strace', { refusal: shortened() }];
  return ['strace', readingOf(own.flatMap(({ text: shown = '' }) => bytesOf(shown)))];
}

function shortened(): { readonly en: string; readonly zh: string } {
  return {
    en: 'strace shortened what was sent (“...” behind a string); trace with -s 65536',
    zh: 'strace 截断了内容（字符串后面的“...”）；请加上 -s 65536 重新跟踪',
  };
}

/** The bytes of a string with its quotes; anything but escapes is UTF-8. */
function bytesOf(quoted: string): readonly number[] {
  const text = quoted.slice(1, -1);
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    bytes.push(...encoder.encode(text.slice(from, match.index)));
    const { hex, unicode, octal, short } = match.groups ?? {};
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (unicode !== undefined) bytes.push(...encoder.encode(String.fromCharCode(Number.parseInt(unicode, 16))));
    else bytes.push(SHORT[short ?? ''] ?? (short ?? '').charCodeAt(0));
    from = match.index + match[0].length;
  }
  bytes.push(...encoder.encode(text.slice(from)));
  return bytes;
}
