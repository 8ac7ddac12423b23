import type { Bytes } from '../types.ts';

const ROW_BYTES = 16;

/** Rows shown before and after each mark. */
const ROWS_AROUND = 2;

/**
 * A hexdump of the rows around some offsets. A row ends at a mark, and the mark's text is on a line of its own; omitted rows are one
 * line with an ellipsis.
 */
export function dumpAround(bytes: Bytes, marks: ReadonlyMap<number, string>): string {
  const places = [...marks.keys()].toSorted((left, right) => left - right);
  const lines: string[] = [];
  let shownTo = 0;
  for (const { start, end } of rows(bytes.length, places)) {
    if (!isNear(start, end, places)) continue;
    if (start > shownTo) lines.push('   …');
    lines.push(row(bytes, start, end));
    shownTo = end;
    const mark = marks.get(end);
    if (mark !== undefined) lines.push(mark);
  }
  if (shownTo < bytes.length) lines.push('   …');
  return lines.join('\n');
}

// Only rows near a mark are visited, so that the cost depends on the marks, not on the bytes.
function* rows(
  byteLength: number,
  places: readonly number[],
): Generator<{ readonly start: number; readonly end: number }, void, undefined> {
  const reach = (ROWS_AROUND + 1) * ROW_BYTES;
  let start = 0;
  while (start < byteLength) {
    const next = places.find((place) => place > start);
    const isFar = !places.some((place) => place >= start - reach && place <= start + reach);
    const rowEnd = (Math.floor(start / ROW_BYTES) + 1) * ROW_BYTES;
    if (isFar && places.length > 0 && next === undefined) return;
    const end = Math.min(rowEnd, byteLength, next ?? byteLength);
    yield { start, end };
    const skipTo = isFar && next !== undefined ? Math.floor((next - reach) / ROW_BYTES) * ROW_BYTES : 0;
    start = Math.max(end, skipTo);
  }
}

function isNear(start: number, end: number, places: readonly number[]): boolean {
  if (places.length === 0) return start < (ROWS_AROUND * 2 + 1) * ROW_BYTES;
  return places.some((place) => end > place - ROWS_AROUND * ROW_BYTES && start < place + ROWS_AROUND * ROW_BYTES);
}

function row(bytes: Bytes, start: number, end: number): string {
  const shown = [...bytes.subarray(start, end)];
  const indent = start % ROW_BYTES;
  const hex = `${'   '.repeat(indent)}${shown.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
  const text = `${' '.repeat(indent)}${shown.map(printable).join('')}`;
  return `${start.toString(16).padStart(8, '0')}  ${hex.padEnd(ROW_BYTES * 3 - 1)}  |${text.padEnd(ROW_BYTES)}|`;
}

/** Only printable ASCII reaches a terminal: an answer must not be able to control it. */
function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
