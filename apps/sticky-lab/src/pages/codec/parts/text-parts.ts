import { partOf } from './shown-part.ts';
import type { FindParts, ShownPart } from './shown-part.ts';
import type { Bytes } from '@socklab/framing';

const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;

const latin1 = new TextDecoder('latin1');

/** A payload that LF ends, or CR LF. */
export const lineParts: FindParts = (frame, isWhole) => {
  const endingBytes = isWhole ? (frame.at(-2) === CR ? 2 : 1) : 0;
  const payloadEnd = frame.length - endingBytes;
  return [...partOf('payload', 0, payloadEnd), ...partOf('delimiter', payloadEnd, frame.length)];
};

/** A length in digits, the byte that ends it, the payload, and a trailer of this many bytes. */
export function digitsParts(separator: number, trailerBytes: number): FindParts {
  return (frame, isWhole) => {
    let digits = 0;
    while (isDigit(frame[digits])) digits++;
    const value = latin1.decode(frame.subarray(0, digits));
    // A byte in place of the one that ends the digits belongs to no part.
    if (frame[digits] !== separator) return partOf('length', 0, digits);
    const payloadStart = digits + 1;
    const payloadEnd = isWhole ? frame.length - trailerBytes : frame.length;
    return [
      ...partOf('length', 0, digits, { value }),
      ...partOf('delimiter', digits, payloadStart),
      ...partOf('payload', payloadStart, payloadEnd),
      ...partOf('trailer', payloadEnd, frame.length),
    ];
  };
}

/** Header lines, one of which is Content-Length; an empty line; the payload. */
export const contentLengthParts: FindParts = (frame) => {
  const parts: ShownPart[] = [];
  let at = 0;
  while (at < frame.length) {
    const end = lineEnd(frame, at);
    if (end - at === 2) {
      // The empty line.
      return [...parts, ...partOf('delimiter', at, end), ...partOf('payload', end, frame.length)];
    }
    parts.push(...headerLine(frame, at, end));
    at = end;
  }
  return parts;
};

/** The offset after the CR LF that ends the line at `start`, or that of the end of the frame. */
function lineEnd(frame: Bytes, start: number): number {
  for (let at = start; at + 1 < frame.length; at++) if (frame[at] === CR && frame[at + 1] === LF) return at + 2;
  return frame.length;
}

function headerLine(frame: Bytes, start: number, end: number): readonly ShownPart[] {
  const line = latin1.decode(frame.subarray(start, end));
  const textEnd = start + line.replace(/\r\n$/u, '').length;
  const { name = '', before = '', digits = '' } = /^(?<before>(?<name>[^:\r\n]*):[ \t]*)(?<digits>\d*)/u.exec(line)?.groups ?? {};
  const valueStart = start + before.length;
  const isLength = name.toLowerCase() === 'content-length';
  const lengthEnd = isLength ? valueStart + digits.length : valueStart;
  return [
    ...partOf('field', start, valueStart, { name }),
    ...partOf('length', valueStart, lengthEnd, { value: digits }),
    ...partOf('field', lengthEnd, textEnd, isLength || name === '' ? {} : { name }),
    ...partOf('delimiter', textEnd, end),
  ];
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
