import { allSendsDraft, cyclicCuts } from '../../base/cut-drafts.ts';
import { noArgument } from '../../base/plan.ts';
import type { PlanEntry } from '../../base/plan.ts';

/** Every byte on its own, in one trial. */
export const drip: PlanEntry = {
  name: 'drip',
  usage: 'drip',
  summary: 'every byte in a piece of its own',
  needsFrames: false,
  create: (argument) => {
    noArgument(argument, 'drip');
    return ({ exchange }) => allSendsDraft(exchange, (byteLength) => cyclicCuts([1], byteLength));
  },
};
