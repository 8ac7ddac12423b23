import { ProbeError } from '../../../errors.ts';
import { draftOfShape } from '../../base/shape.ts';
import type { PlanEntry } from '../../base/plan.ts';

/** One trial, exactly as written: to replay a failure. */
export const at: PlanEntry = {
  name: 'at',
  usage: 'at:12,16',
  summary:
    'one trial with exactly these cuts; 1@5 cuts send 1, x2@5 two rounds in one write, 0-1@5 two sends, 7/end ends our side too, 7/beside has another connection do the same in between',
  needsFrames: false,
  create: (argument) => {
    if (argument === undefined || argument === '')
      throw new ProbeError('PROBE_ERR_PLAN', 'at:12,16 takes the offsets to cut at, received none');
    return ({ exchange }) => {
      const draft = draftOfShape(exchange, argument);
      return { count: 1, at: () => draft };
    };
  },
};
