import { concatBytes } from '../bytes/concat-bytes.ts';
import { ProbeError } from '../errors.ts';
import { MAX_SEND_BYTES } from './limits.ts';
import type { Bytes } from '../types.ts';

/** Where a request comes from: the argument itself, a file, or standard input. */
export type RequestSource =
  | { readonly kind: 'bytes'; readonly bytes: Bytes }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stdin' };

/**
 * Reads what `--request` takes: `hex:68 69`, `text:GET / HTTP/1.0\r\n\r\n`, `-` for standard input, else the name of a file, which may
 * be written `file:NAME` when it looks like one of the others. Reading files is left to the caller.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` when the argument is empty or invalid hex.
 */
export function parseRequest(argument: string): RequestSource {
  if (argument === '-') return { kind: 'stdin' };
  if (argument.startsWith('hex:')) return { kind: 'bytes', bytes: parseHex(argument.slice('hex:'.length)) };
  if (argument.startsWith('text:')) return { kind: 'bytes', bytes: parseText(argument.slice('text:'.length)) };
  const path = argument.startsWith('file:') ? argument.slice('file:'.length) : argument;
  if (path === '') throw wrong('a request is hex:…, text:…, - or the name of a file, received nothing');
  return { kind: 'file', path };
}

/** Parses hex digits, with white space anywhere between bytes. @throws ProbeError `PROBE_ERR_EXCHANGE` */
export function parseHex(text: string): Bytes {
  const digits = text.replaceAll(/\s+/g, '');
  if (digits === '' || digits.length % 2 === 1 || /[^\da-f]/i.test(digits)) {
    throw wrong(`hex is an even number of digits, at least 2, with spaces as you like; received ${shortened(text)}`);
  }
  if (digits.length / 2 > MAX_SEND_BYTES) throw wrong(`hex of ${digits.length / 2} bytes, limit ${MAX_SEND_BYTES}`);
  return Uint8Array.from(digits.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

/** The same, with slots such as `{{id}}` between bytes. @throws ProbeError `PROBE_ERR_EXCHANGE` */
export function parseSlottedHex(text: string): Bytes {
  const parts = text.split(/(\{\{[a-z][\w-]*\}\})/).filter((part) => part.trim() !== '');
  return parts.length < 2
    ? parseHex(text)
    : concatBytes(parts.map((part) => (part.startsWith('{{') ? new TextEncoder().encode(part) : parseHex(part))));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', '\\': '\\' };

/** Any of these, or a backslash that starts none of them. */
const ESCAPE = /\\(?:x(?<byte>[\da-fA-F]{2})|u\{(?<point>[\da-fA-F]{1,6})\}|(?<short>[nrt0\\])|(?<other>[\s\S]?))/g;

/**
 * Reads text as UTF-8, with the escapes `\n \r \t \0 \\`, `\xHH` for a byte and `\u{H…}` for a character.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` when the text is empty or has an unknown escape.
 */
export function parseText(text: string): Bytes {
  if (text === '') throw wrong('text: takes at least one character, received none');
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    append(bytes, encoder.encode(text.slice(from, match.index)));
    append(bytes, escaped(match, encoder));
    from = match.index + match[0].length;
  }
  append(bytes, encoder.encode(text.slice(from)));
  if (bytes.length > MAX_SEND_BYTES) throw wrong(`text of ${bytes.length} bytes, limit ${MAX_SEND_BYTES}`);
  return Uint8Array.from(bytes);
}

function append(bytes: number[], more: Iterable<number>): void {
  for (const byte of more) bytes.push(byte);
}

function escaped(match: RegExpMatchArray, encoder: TextEncoder): Iterable<number> {
  const { byte, point, short } = match.groups ?? {};
  if (byte !== undefined) return [Number.parseInt(byte, 16)];
  if (short !== undefined) return encoder.encode(ESCAPES[short]);
  if (point !== undefined && Number.parseInt(point, 16) <= 0x10_ffff)
    return encoder.encode(String.fromCodePoint(Number.parseInt(point, 16)));
  throw wrong(String.raw`the escapes of text: are \n \r \t \0 \\ \xHH and \u{H}, received ` + match[0]);
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_EXCHANGE', what);
}
