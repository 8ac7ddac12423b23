import { fromHex } from '../../hex.ts';
import type { DelimitedLayout, LineLayout } from '../../layout/layout.ts';
import type { ProgramText } from './language.ts';

const TOO_LARGE = ['fail FRAME_ERR_TOO_LARGE', '}'];

/** The program of lines. */
export function lineProgram(layout: LineLayout): ProgramText {
  if (layout.ending === 'any') return { lines: anyLineProgram(layout), kept: ['isBehindCr'] };
  return layout.oversize === 'skip' ? { lines: skippingLines(layout), state: ['isTooLong'] } : { lines: lineLines(layout, TOO_LARGE) };
}

/** Lines that end with LF; `overLimit` closes the block of one that is too long. */
export function lineLines({ ending = 'lf-or-crlf', unended = 'error' }: LineLayout, overLimit: readonly string[]): readonly string[] {
  const dropsCr = ending !== 'lf';
  return [
    'while seen < n && b[seen] != 10 {',
    'seen = seen + 1',
    '}',
    'end = seen',
    ...(dropsCr ? ['hasCr = 0', 'if end > start && b[end - 1] == 13 {', 'hasCr = 1', 'end = end - 1', '}'] : []),
    'if end - start > max {',
    ...overLimit,
    'if seen == n {',
    ...(unended === 'emit' ? ['if eof == 1 {', 'if end > start {', 'frame start, end, n', '}', 'start = n', '}'] : []),
    'more',
    '}',
    ...(ending === 'crlf' ? ['if hasCr == 0 {', 'fail FRAME_ERR_BAD_TRAILER', '}'] : []),
    'frame start, end, seen + 1',
  ];
}

/** A line over the limit is left out up to its LF, and the next one is looked at. */
function skippingLines(layout: LineLayout): readonly string[] {
  return [
    'isOpen = 1',
    'while isOpen == 1 {',
    'while isTooLong == 1 && start < n {',
    'if b[start] == 10 {',
    'isTooLong = 0',
    '}',
    'start = start + 1',
    '}',
    'if seen < start {',
    'seen = start',
    '}',
    ...lineLines(layout, ['isTooLong = 1', '} else {']),
    '}',
    '}',
  ];
}

/** A CR ends its line at once; an LF that follows it, at whatever time, belongs to it. */
function anyLineProgram({ unended }: LineLayout): readonly string[] {
  return [
    'if isBehindCr == 1 && start < n {',
    'isBehindCr = 0',
    'if b[start] == 10 {',
    'start = start + 1',
    'seen = start',
    '}',
    '}',
    'while seen < n && b[seen] != 10 && b[seen] != 13 {',
    'seen = seen + 1',
    '}',
    'if seen - start > max {',
    ...TOO_LARGE,
    'if seen == n {',
    ...(unended === 'emit' ? ['if eof == 1 && n > start {', 'frame start, n, n', '}'] : []),
    'more',
    '}',
    'if b[seen] == 13 {',
    'isBehindCr = 1',
    '}',
    'frame start, seen, seen + 1',
  ];
}

/** The program of frames that end with one of several delimiters: found at its last byte, the longest first. */
export function delimitedProgram({ delimiters, strip = true, unended = 'error' }: DelimitedLayout): readonly string[] {
  const sequences = delimiters.map(delimiterBytes).toSorted((left, right) => right.length - left.length);
  const found = sequences.flatMap((bytes) => [
    `if ${endsWith(bytes, 'seen + 1')} {`,
    `end = seen + 1${strip ? ` - ${bytes.length}` : ''}`,
    'if end - start > max {',
    ...TOO_LARGE,
    'frame start, end, seen + 1',
    '}',
  ]);
  // The beginning of a delimiter does not count yet.
  const begun = strip ? sequences.flatMap(beginningsOf).toSorted((left, right) => left.length - right.length) : [];
  return [
    'while seen < n {',
    ...found,
    'seen = seen + 1',
    '}',
    'end = n',
    ...begun.flatMap((bytes) => [`if ${endsWith(bytes, 'n')} {`, `end = n - ${bytes.length}`, '}']),
    'if end - start > max {',
    ...TOO_LARGE,
    ...(unended === 'emit' ? ['if eof == 1 && n > start {', 'if n - start > max {', ...TOO_LARGE, 'frame start, n, n', '}'] : []),
    'more',
  ];
}

/** The bytes of a delimiter. */
export function delimiterBytes(delimiter: string | { readonly bytes: string }): Uint8Array {
  return typeof delimiter === 'string' ? new TextEncoder().encode(delimiter) : fromHex(delimiter.bytes)!;
}

function beginningsOf(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: bytes.length - 1 }, (_, index) => bytes.subarray(0, index + 1));
}

/** Whether the held bytes before `end` end with `bytes`. */
function endsWith(bytes: Uint8Array, end: string): string {
  const each = Array.from(bytes, (byte, index) => `b[${end} - ${bytes.length - index}] == ${byte}`);
  return [`${end} - start >= ${bytes.length}`, ...each].join(' && ');
}
