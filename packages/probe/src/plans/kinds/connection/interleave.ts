import { draftsOf, noArgument, withoutDrafts } from '../../base/plan.ts';
import { sortedCuts } from '../../base/segmentation.ts';
import { cuttableBytes, interleaved, plainSteps, sendsOf } from '../../base/steps.ts';
import type { Cut, Exchange, SendStep } from '../../../types.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

const LF = 0x0a;
/** A buffer that connections share does no harm while all of them put the same bytes at the same place. */
const SAME = 'two connections with different bytes: all send the same, {{trial}} in a send makes them differ';

/**
 * Two connections, both open before anything is sent. The first send of both is cut at the same place, always inside its first message:
 *
 * ```
 * one    |--first piece--|                 |--rest--> answer|
 * other                  |--first piece--|                  |--rest--> answer|
 * ```
 *
 * No message of the one is whole before the other's answer is there, so nothing that connections share by design, as a counter, explains
 * another answer: only bytes, or what is known of a message under way, that connections share.
 */
export const interleave: PlanEntry = {
  name: 'interleave',
  usage: 'interleave',
  summary:
    'two connections at once, the first request of each cut inside its first message: the rest of one goes out while the other waits',
  needsFrames: false,
  create: (argument) => {
    noArgument(argument, 'interleave');
    return ({ exchange, companyFault }: PlanContext): Drafts =>
      companyFault === undefined ? draft(exchange) : withoutDrafts(`two connections whose pieces alternate: ${companyFault}`);
  },
};

function draft(exchange: Exchange): Drafts {
  const sends = sendsOf(exchange);
  const drafts = draftsOf(interleavedCuts(sends[0]!), (cut) => ({
    repeat: 1,
    steps: interleaved(plainSteps(exchange, { cuts: new Map([[0, [cut]]]) })),
  }));
  return drafts.count === 0 || sends.some(isVaried) ? drafts : { ...drafts, untried: SAME };
}

/** Slots, and replies to what only this connection was told, differ on each connection. */
function isVaried({ slots, reply }: SendStep): boolean {
  return slots !== undefined || reply !== undefined;
}

/** Places inside the first message. Where no framing tells its end, it has no byte behind the first line feed, or one byte alone is sure. */
function interleavedCuts(step: SendStep): readonly Cut[] {
  const [frame] = step.frames ?? [];
  const lineEnd = step.send.indexOf(LF);
  const end = Math.min(frame?.end ?? (lineEnd < 0 ? 2 : lineEnd + 1), cuttableBytes(step));
  const header = frame?.payloadStart ?? 0;
  return sortedCuts([1, Math.floor(header / 2), header, header + 1, Math.floor(end / 2), end - 1], end);
}
