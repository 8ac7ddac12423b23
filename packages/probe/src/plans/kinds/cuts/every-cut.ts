import { cutDraft, numberedDrafts } from '../../base/cut-drafts.ts';
import { noArgument } from '../../base/plan.ts';
import { cuttableBytes, sendsOf } from '../../base/steps.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

/** One trial a position: a request of n bytes makes n − 1 of them. Made on demand, so it takes no memory. */
export const everyCut: PlanEntry = {
  name: 'every-cut',
  usage: 'every-cut',
  summary: 'one cut, at each position in turn',
  needsFrames: false,
  create: (argument) => {
    noArgument(argument, 'every-cut');
    return draft;
  },
};

function draft({ exchange }: PlanContext): Drafts {
  const counts = sendsOf(exchange).map((step) => cuttableBytes(step) - 1);
  return numberedDrafts(counts, (send, index) => cutDraft(exchange, { send, cuts: [index + 1] }));
}
