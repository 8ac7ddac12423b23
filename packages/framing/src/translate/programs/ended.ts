import { fromHex } from '../../hex.ts';
import { untranslatable } from './errors.ts';
import type { DelimitedLayout, LineLayout } from '../../layout/layout.ts';

const TOO_LARGE = ['fail FRAME_ERR_TOO_LARGE', '}'];

/** The program of lines. */
export function lineProgram({ ending = 'lf-or-crlf', unended = 'error', oversize = 'error' }: LineLayout): readonly string[] {
  if (ending === 'any') throw untranslatable('ending any', 'a program has nothing to keep a CR in from one line to the next');
  if (oversize === 'skip') throw untranslatable('oversize skip', 'a program ends at a line over the limit');
  const dropsCr = ending !== 'lf';
  return [
    'while seen < n && b[seen] != 10 {',
    'seen = seen + 1',
    '}',
    'end = seen',
    ...(dropsCr ? ['hasCr = 0', 'if end > start && b[end - 1] == 13 {', 'hasCr = 1', 'end = end - 1', '}'] : []),
    'if end - start > max {',
    ...TOO_LARGE,
    'if seen == n {',
    ...(unended === 'emit' ? ['if eof == 1 {', 'if end > start {', 'frame start, end, n', '}', 'start = n', '}'] : []),
    'more',
    '}',
    ...(ending === 'crlf' ? ['if hasCr == 0 {', 'fail FRAME_ERR_BAD_TRAILER', '}'] : []),
    'frame start, end, seen + 1',
  ];
}

/** The program of frames that end with one of several delimiters: found at its last byte, the longest first. */
export function delimitedProgram({ delimiters, strip = true, unended = 'error', start }: DelimitedLayout): readonly string[] {
  if (start !== undefined) throw untranslatable('start', 'programs know frames that begin where the last one ended');
  const sequences = delimiters.map(bytesOf).toSorted((left, right) => right.length - left.length);
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

function bytesOf(delimiter: string | { readonly bytes: string }): Uint8Array {
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
