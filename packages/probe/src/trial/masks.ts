/**
 * What may differ between two right answers: dates, ids, times. A mask is a regular expression over the answer as
 * latin1, so one character is one byte; matches are replaced by the mask's name in both answers before they are
 * compared.
 */

import { ProbeError } from '../errors.ts';
import type { Bytes } from '../types.ts';

/** What may differ. */
export interface Mask {
  readonly name: string;
  /** Has the flag `g`. If it has a group called `keep`, the text of that group stays before the name. */
  readonly pattern: RegExp;
  /** Whether the match may also be absent, such as a message that a server sends by itself: it is removed. @defaultValue false */
  readonly isIgnored?: boolean;
}

/** Longest regular expression of a mask, in characters. */
const MAX_PATTERN_CHARS = 1000;

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';

/** The masks with a name. */
export const MASKS: readonly (Mask & { readonly summary: string })[] = [
  {
    name: 'http-date',
    summary: 'dates as in HTTP (RFC 9110, 5.6.7)',
    pattern: new RegExp(`${DAY}, \\d\\d ${MONTH} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT`, 'g'),
  },
  { name: 'uuid', summary: 'UUIDs (RFC 9562)', pattern: /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi },
  {
    name: 'iso-time',
    summary: 'times as in RFC 3339, with or without a fraction or a zone',
    pattern: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/gi,
  },
  {
    name: 'epoch',
    summary: 'seconds, milliseconds or microseconds since 1970, from 2001 to 2033',
    pattern: /\b1\d{9}(?:\d{3}|\d{6}|\.\d{1,9})?\b/g,
  },
  { name: 'etag', summary: 'the HTTP header ETag', pattern: /(?<keep>^etag:[ \t]*)[^\r\n]*/gim },
  {
    name: 'request-id',
    summary: 'HTTP headers such as X-Request-Id, X-Correlation-Id and traceparent',
    pattern: /(?<keep>^(?:x-)?(?:request-id|correlation-id|trace-id|amzn-requestid|amz-request-id|traceparent):[ \t]*)[^\r\n]*/gim,
  },
  { name: 'set-cookie', summary: 'the value of the HTTP header Set-Cookie', pattern: /(?<keep>^set-cookie:[ \t]*[^=\r\n]*=)[^;\r\n]*/gim },
];

/** The masks that are on by default: what nearly every web server sends differently each second. */
export const DEFAULT_MASKS: readonly Mask[] = MASKS.filter(({ name }) => name === 'http-date');

/**
 * Parses a mask: the name of a built-in one, or a regular expression.
 *
 * @throws ProbeError `PROBE_ERR_MASK` when it is neither, or when it matches empty text, so that it would mask everything.
 */
export function parseMask(text: string): Mask {
  const builtIn = MASKS.find(({ name }) => name === text);
  if (builtIn !== undefined) return builtIn;
  if (text.length > MAX_PATTERN_CHARS) throw wrong(`a mask of ${text.length} characters, limit ${MAX_PATTERN_CHARS}`);
  const pattern = compile(text);
  if (new RegExp(pattern, 'y').test(''))
    throw wrong(`the mask ${JSON.stringify(text)} matches empty text, so it says nothing about what may differ`);
  return { name: 'mask', pattern };
}

/**
 * Parses what `--ignore` takes: a regular expression of what a server may send by itself, whole frames or lines with their ends.
 *
 * @throws ProbeError `PROBE_ERR_MASK`
 */
export function parseIgnored(text: string): Mask {
  return { ...parseMask(text), isIgnored: true };
}

function compile(text: string): RegExp {
  try {
    return new RegExp(text, 'gm');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const names = MASKS.map(({ name }) => name).join(', ');
    throw new ProbeError(
      'PROBE_ERR_MASK',
      `the mask ${JSON.stringify(text)} is neither one of ${names} nor a regular expression: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

/** Replaces all matches of the masks by their names in angle brackets. Without masks the bytes are returned unchanged. */
export function applyMasks(bytes: Bytes, masks: readonly Mask[]): Bytes {
  if (masks.length === 0) return bytes;
  const text = latin1(bytes);
  const masked = masks.reduce(
    (seen, { name, pattern, isIgnored }) => seen.replace(pattern, (...match) => (isIgnored === true ? '' : `${kept(match)}<${name}>`)),
    text,
  );
  return masked === text ? bytes : new Uint8Array(Buffer.from(masked, 'latin1'));
}

/** `String.replace` passes the named groups last, if there are any. */
function kept(match: readonly unknown[]): string {
  const groups = match.at(-1);
  return typeof groups === 'object' && groups !== null && 'keep' in groups && typeof groups.keep === 'string' ? groups.keep : '';
}

/** The bytes as text, one character a byte. TextDecoder's latin1 is windows-1252, which maps 80 to 9f to other characters. */
export function latin1(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_MASK', what);
}
