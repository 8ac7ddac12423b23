import { draftsOf, NO_DRAFTS, readCount } from '../base/plan.ts';
import { expectsOf, gluedSteps, roundsSteps, sendsOf } from '../base/steps.ts';
import type { Drafts, PlanContext, PlanEntry } from '../base/plan.ts';
import type { Exchange } from '../../types.ts';

/** Most requests in one write. */
const MAX_GLUED = 1000;

/** Most bytes of one write. */
const MAX_GLUED_BYTES = 67_108_864;

/**
 * Several requests in one write. An exchange of one send is played N times; of one with several sends, any N that follow
 * each other are glued (all, when there are fewer), and the answers awaited after them.
 */
export const glue: PlanEntry = {
  name: 'glue',
  usage: 'glue:N',
  summary: 'N requests in one write',
  needsFrames: false,
  create: (argument) => {
    const requests = readCount(argument, 'glue:N', { min: 2, max: MAX_GLUED });
    return (context) => draft(context, requests);
  },
};

function draft(context: PlanContext, requests: number): Drafts {
  const { exchange } = context;
  const sends = sendsOf(exchange);
  if (sends.length === 1) {
    const isTooLong = sends[0]!.send.length * requests > MAX_GLUED_BYTES;
    if (!canRepeat(context) || isTooLong) return NO_DRAFTS;
    return draftsOf([requests], (repeat) => ({ repeat, steps: roundsSteps(exchange, repeat) }));
  }
  const width = Math.min(requests, sends.length);
  const firsts = Array.from({ length: sends.length - width + 1 }, (_, first) => first);
  const possible = firsts.filter((first) => canGlue(exchange, first, first + width - 1));
  return draftsOf(possible, (first) => ({ repeat: 1, steps: gluedSteps(exchange, first, first + width - 1) }));
}

/** Whether an exchange of one send can be played again on the same connection. */
export function canRepeat({ exchange, isReusable }: PlanContext): boolean {
  const endsOurs = sendsOf(exchange).some(({ end }) => end === true);
  return isReusable && !endsOurs && !expectsOf(exchange).some(({ expect }) => expect.kind === 'close');
}

/** Whether more may be sent after each of these sends but the last. */
export function canGlue(exchange: Exchange, first: number, last: number): boolean {
  return !sendsOf(exchange)
    .slice(first, last)
    .some(({ end }) => end === true);
}
