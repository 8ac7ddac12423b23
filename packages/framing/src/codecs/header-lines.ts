import type { Bytes } from '../codec.ts';

/** Longest part of a header that a message shows, in characters. */
const SHOWN_CHARACTERS = 40;

/**
 * The Content-Length of `header`, lines that end with CR LF up to an empty one; or a sentence on what is wrong with it.
 * Names, numbers and spaces are those of RFC 9112, 5 and 6.2: a more lenient parser sees other frames than this one.
 */
export function readContentLength(header: Bytes): number | string {
  const lines = new TextDecoder('latin1').decode(header).split('\r\n');
  const values: string[] = [];
  for (const line of lines.slice(0, -2)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return `no header line: ${show(line)}`;
    if (name.toLowerCase() === 'content-length') values.push(withoutSpace(line.slice(colon + 1)));
  }
  if (values.length === 0) return `header without Content-Length: ${show(lines[0]!)}`;
  if (values.length > 1) return `Content-Length ${values.length} times: ${show(values.join(', '))}`;
  const value = values[0]!;
  return /^(0|[1-9]\d*)$/.test(value) ? Number(value) : `Content-Length is ${show(value)}; allowed: digits that do not start with a zero`;
}

// Not a regular expression: one for both ends takes quadratic time on long runs of spaces.
function withoutSpace(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isSpace(value[start]!)) start++;
  while (start < end && isSpace(value[end - 1]!)) end--;
  return value.slice(start, end);
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t';
}

function show(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}
