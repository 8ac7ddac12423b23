import { readCount } from '../../base/plan.ts';
import { NO_DRAFTS } from '../../base/plan.ts';
import { drawAt } from '../../base/random-source.ts';
import { cuttableBytes, plainSteps, sendsOf } from '../../base/steps.ts';
import type { Cut } from '../../../types.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';
import type { Draw } from '../../base/random-source.ts';

/** Most trials of one plan. */
const MAX_TRIALS = 10_000_000;

/** Most cuts in one send, as a power of two: 64. */
const MAX_CUTS_EXPONENT = 6;

/** Cuts at random places in every send, few in some trials and many in others. */
export const random: PlanEntry = {
  name: 'random',
  usage: 'random:N',
  summary: `N trials with 1 to ${2 ** MAX_CUTS_EXPONENT} cuts at random places in each send; the seed fixes them`,
  needsFrames: false,
  create: (argument) => {
    const count = readCount(argument, 'random:N', { min: 1, max: MAX_TRIALS });
    return (context) => draft(context, count);
  },
};

function draft({ exchange, seed }: PlanContext, count: number): Drafts {
  const lengths = sendsOf(exchange).map(cuttableBytes);
  if (lengths.every((byteLength) => byteLength < 2)) return NO_DRAFTS;
  const at = (index: number) => {
    const draw = drawAt(seed, index);
    const cuts = new Map(lengths.map((byteLength, send) => [send, drawCuts(draw, byteLength)]));
    return { repeat: 1, steps: plainSteps(exchange, { cuts }) };
  };
  return { count, at };
}

function drawCuts(draw: Draw, byteLength: number): readonly Cut[] {
  if (byteLength < 2) return [];
  const most = Math.min(2 ** draw(0, MAX_CUTS_EXPONENT), byteLength - 1);
  return Array.from({ length: draw(1, most) }, () => draw(1, byteLength - 1));
}
