import { draftsOf, noArgument, NO_DRAFTS } from '../../base/plan.ts';
import { sortedCuts } from '../../base/segmentation.ts';
import { cuttableBytes, plainSteps, sendsOf } from '../../base/steps.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

/**
 * Our side ends (FIN) right after the last request, which is sent whole, all but its last byte first, and in halves: a server
 * must have read all of it before it sees the end. Servers that drop a connection whose client has ended fail this by design.
 */
export const halfClose: PlanEntry = {
  name: 'half-close',
  usage: 'half-close',
  summary:
    'our side ends right behind the last request, which goes out whole, but for its last byte, and in halves: no segmentation, and some servers give up',
  needsFrames: false,
  create: (argument) => {
    noArgument(argument, 'half-close');
    return draft;
  },
};

function draft({ exchange }: PlanContext): Drafts {
  const sends = sendsOf(exchange);
  const last = sends.length - 1;
  const step = sends[last]!;
  const { send, end } = step;
  if (end === true) return NO_DRAFTS;
  const cuts = [[], ...sortedCuts([Math.floor(send.length / 2), send.length - 1], cuttableBytes(step)).map((cut) => [cut])];
  return draftsOf(cuts, (each) => ({ repeat: 1, steps: plainSteps(exchange, { cuts: new Map([[last, each]]), end: true }) }));
}
