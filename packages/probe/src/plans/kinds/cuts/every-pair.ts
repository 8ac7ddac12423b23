import { cutDraft, numberedDrafts } from '../../base/cut-drafts.ts';
import { nearLandmarks } from '../../base/landmarks.ts';
import { noArgument } from '../../base/plan.ts';
import { cuttableBytes, sendsOf } from '../../base/steps.ts';
import type { Cut, SendStep } from '../../../types.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

/** Longest send of which all pairs are tried, in bytes: 1,953 of them. */
const ALL_PAIRS_BYTES = 64;

/** Most positions of a longer send: 32,640 pairs. */
const MAX_POSITIONS = 256;

/** Two cuts in one send: any two when it is short, else any two at or next to the boundaries of frames, headers or lines. */
export const everyPair: PlanEntry = {
  name: 'every-pair',
  usage: 'every-pair',
  summary: `two cuts: any two in up to ${ALL_PAIRS_BYTES} bytes, else any two at or next to frame, header and line ends`,
  needsFrames: false,
  create: (argument) => {
    noArgument(argument, 'every-pair');
    return draft;
  },
};

function draft({ exchange }: PlanContext): Drafts {
  const positions = sendsOf(exchange).map(positionsOf);
  const counts = positions.map(({ length }) => (length * (length - 1)) / 2);
  return numberedDrafts(counts, (send, index) => cutDraft(exchange, { send, cuts: pair(positions[send]!, index) }));
}

function positionsOf(step: SendStep): readonly Cut[] {
  const length = cuttableBytes(step);
  return length <= ALL_PAIRS_BYTES ? Array.from({ length: length - 1 }, (_, index) => index + 1) : nearLandmarks(step, MAX_POSITIONS);
}

/** The pair with this number, in the order 0-1, 0-2, 1-2, 0-3 and so on. */
function pair(positions: readonly Cut[], index: number): readonly Cut[] {
  const second = Math.floor((1 + Math.sqrt(1 + 8 * index)) / 2);
  const first = index - (second * (second - 1)) / 2;
  return [positions[first]!, positions[second]!];
}
