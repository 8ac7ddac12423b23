import { ProbeError } from '../../../errors.ts';
import { allSendsDraft, cyclicCuts } from '../../base/cut-drafts.ts';
import { readCount } from '../../base/plan.ts';
import { MAX_PIECE_BYTES } from './bytes.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

const USAGE = 'sizes:1,3,7';

/** Most sizes in one plan. */
const MAX_SIZES = 64;

/** Pieces of the given sizes, repeated: one trial that begins with each of them. */
export const sizes: PlanEntry = {
  name: 'sizes',
  usage: USAGE,
  summary: 'pieces of these sizes over and over, beginning with each of them in turn',
  needsFrames: false,
  create: (argument) => {
    const cycle = (argument ?? '').split(',').map((size) => readCount(size, USAGE, { min: 1, max: MAX_PIECE_BYTES }));
    if (cycle.length > MAX_SIZES)
      throw new ProbeError('PROBE_ERR_PLAN', `${USAGE} takes at most ${MAX_SIZES} sizes, received ${cycle.length}`);
    return (context) => draft(context, cycle);
  },
};

function draft({ exchange }: PlanContext, cycle: readonly number[]): Drafts {
  const rotations = cycle.map((_, index) => [...cycle.slice(index), ...cycle.slice(0, index)]);
  const drafts = rotations.map((rotation) => allSendsDraft(exchange, (byteLength) => cyclicCuts(rotation, byteLength)));
  const cutting = drafts.filter(({ count }) => count > 0);
  return { count: cutting.length, at: (index) => cutting[index]!.at(0) };
}
