import { partOf } from './shown-part.ts';
import type { FindParts, ShownPart } from './shown-part.ts';

const SLIP_END = 0xc0;
const SLIP_ESCAPE = 0xdb;
/** The meaning of the byte after the escape. */
const SLIP_ESCAPED: Readonly<Record<number, string>> = { 0xdc: 'c0', 0xdd: 'db' };

/** The code of a full run of COBS: 254 bytes without a zero after them. */
const COBS_FULL_RUN = 0xff;

/** END bytes at both ends, and escapes inside. */
export const slipParts: FindParts = (frame) => {
  let start = 0;
  while (frame[start] === SLIP_END) start++;
  const parts: ShownPart[] = [...partOf('delimiter', 0, start)];
  let runStart = start;
  let at = start;
  while (at < frame.length && frame[at] !== SLIP_END) {
    if (frame[at] !== SLIP_ESCAPE) {
      at++;
      continue;
    }
    const end = Math.min(at + 2, frame.length);
    const meant = SLIP_ESCAPED[frame[at + 1] ?? 0];
    parts.push(...partOf('payload', runStart, at), ...partOf('escape', at, end, meant === undefined ? {} : { value: meant }));
    at = end;
    runStart = at;
  }
  return [...parts, ...partOf('payload', runStart, at), ...partOf('delimiter', at, frame.length)];
};

/** Codes, each before its run, and 00 at the end; idle zeros before a frame. */
export const cobsParts: FindParts = (frame, isWhole) => {
  let at = 0;
  while (frame[at] === 0) at++;
  const parts: ShownPart[] = [...partOf('delimiter', 0, at)];
  const end = isWhole ? frame.length - 1 : frame.length;
  while (at < end) {
    const code = frame[at] ?? 0;
    const runEnd = Math.min(at + Math.max(code, 1), end);
    // The zero of the last code is not part of the payload.
    const standsForZero = code < COBS_FULL_RUN && (!isWhole || runEnd < end);
    parts.push(...partOf('escape', at, at + 1, { value: standsForZero ? `${code} → 00` : String(code) }));
    parts.push(...partOf('payload', at + 1, runEnd));
    at = runEnd;
  }
  return [...parts, ...partOf('delimiter', Math.max(at, end), frame.length)];
};
