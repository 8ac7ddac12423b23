import { cutDraft, joinedDrafts, numberedDrafts, singleCutDrafts } from '../../base/cut-drafts.ts';
import { framesOfSends, noArgument } from '../../base/plan.ts';
import type { Cut, Span } from '../../../types.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

/** One cut inside each length field, at each of its positions in turn; and, with several positions, each byte separately. */
export const prefix: PlanEntry = {
  name: 'prefix',
  usage: 'prefix',
  summary: 'one cut inside each length field, at each position in turn, then all of them at once',
  needsFrames: true,
  create: (argument) => {
    noArgument(argument, 'prefix');
    return draft;
  },
};

function draft(context: PlanContext): Drafts {
  const { exchange } = context;
  const lengths = framesOfSends(context, 'prefix').map((frames) => frames.flatMap(({ length }) => length ?? []));
  const singles = singleCutDrafts(
    exchange,
    lengths.map((ofSend) => ofSend.flatMap(inside)),
  );
  const long = lengths.map((ofSend) => ofSend.filter(({ start, end }) => end - start > 2));
  const counts = long.map(({ length }) => length);
  const whole = numberedDrafts(counts, (send, index) => cutDraft(exchange, { send, cuts: inside(long[send]![index]!) }));
  return joinedDrafts(singles, whole);
}

function inside({ start, end }: Span): readonly Cut[] {
  return Array.from({ length: end - start - 1 }, (_, index) => start + 1 + index);
}
