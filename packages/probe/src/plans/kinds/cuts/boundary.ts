import { ProbeError } from '../../../errors.ts';
import { singleCutDrafts } from '../../base/cut-drafts.ts';
import { framesOfSends, readCount } from '../../base/plan.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

const USAGE = 'boundary:-1,0,1';

/** Furthest from a boundary, in bytes. */
const MAX_OFFSET = 65_536;

/** Most offsets in one plan. */
const MAX_OFFSETS = 64;

/** One cut, this many bytes from the start or end of a frame, or from the end of its header. */
export const boundary: PlanEntry = {
  name: 'boundary',
  usage: USAGE,
  summary: 'one cut, so many bytes before (−) or after where a frame begins or ends or its header ends',
  needsFrames: true,
  create: (argument) => {
    const offsets = (argument ?? '').split(',').map((offset) => readCount(offset, USAGE, { min: -MAX_OFFSET, max: MAX_OFFSET }));
    if (offsets.length > MAX_OFFSETS)
      throw new ProbeError('PROBE_ERR_PLAN', `${USAGE} takes at most ${MAX_OFFSETS} offsets, received ${offsets.length}`);
    return (context) => draft(context, offsets);
  },
};

function draft(context: PlanContext, offsets: readonly number[]): Drafts {
  const cuts = framesOfSends(context, 'boundary').map((frames) =>
    frames.flatMap(({ start, payloadStart, end }) =>
      [start, payloadStart, end].flatMap((place) => offsets.map((offset) => place + offset)),
    ),
  );
  return singleCutDrafts(context.exchange, cuts);
}
