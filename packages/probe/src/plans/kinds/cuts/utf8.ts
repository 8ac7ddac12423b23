import { singleCutDrafts } from '../../base/cut-drafts.ts';
import { noArgument } from '../../base/plan.ts';
import { sendsOf } from '../../base/steps.ts';
import type { Bytes, Cut } from '../../../types.ts';
import type { PlanEntry } from '../../base/plan.ts';

/** One cut inside each multi-byte code point, at each of its positions in turn. */
export const utf8: PlanEntry = {
  name: 'utf8',
  usage: 'utf8',
  summary: 'one cut inside each UTF-8 code point of two bytes or more, at each position in turn',
  needsFrames: false,
  create: (argument) => {
    noArgument(argument, 'utf8');
    return ({ exchange }) =>
      singleCutDrafts(
        exchange,
        sendsOf(exchange).map(({ send }) => insideCodePoints(send)),
      );
  },
};

/** The positions inside code points of two to four bytes. Invalid UTF-8 has none. */
export function insideCodePoints(bytes: Bytes): readonly Cut[] {
  const cuts: Cut[] = [];
  for (let at = 0; at < bytes.length;) {
    const byteLength = codePointBytes(bytes, at);
    for (let inside = 1; inside < byteLength; inside++) cuts.push(at + inside);
    at += byteLength;
  }
  return cuts;
}

/** The code point that a cut would split, or `undefined`. */
export function codePointAround(bytes: Bytes, cut: Cut): Bytes | undefined {
  for (let start = cut - 1; start >= Math.max(0, cut - 3); start--) {
    const end = start + codePointBytes(bytes, start);
    if (end > cut) return bytes.subarray(start, end);
  }
  return undefined;
}

function codePointBytes(bytes: Bytes, at: number): number {
  const lead = bytes[at]!;
  const byteLength = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 1;
  for (let next = 1; next < byteLength; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 1;
  return byteLength;
}
