import { cutDraft, joinedDrafts, numberedDrafts, singleCutDrafts } from '../../base/cut-drafts.ts';
import { noArgument } from '../../base/plan.ts';
import { sendsOf } from '../../base/steps.ts';
import type { Bytes, Cut } from '../../../types.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

const CR = 0x0d;
const LF = 0x0a;

/** One cut between CR and LF of each line end and between the two line ends before an empty line; then all of them at once. */
export const crlf: PlanEntry = {
  name: 'crlf',
  usage: 'crlf',
  summary: 'one cut inside each CR LF and each CR LF CR LF, then all of them at once',
  needsFrames: false,
  create: (argument) => {
    noArgument(argument, 'crlf');
    return draft;
  },
};

function draft({ exchange }: PlanContext): Drafts {
  const places = sendsOf(exchange).map(({ send, cut }) => (cut === false ? [] : insideLineEnds(send)));
  const all = places.map((cuts) => (cuts.length > 1 ? 1 : 0));
  return joinedDrafts(
    singleCutDrafts(exchange, places),
    numberedDrafts(all, (send) => cutDraft(exchange, { send, cuts: places[send]! })),
  );
}

/** The positions between CR and LF, and between CR LF and CR LF. */
export function insideLineEnds(bytes: Bytes): readonly Cut[] {
  const cuts: Cut[] = [];
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] !== LF) continue;
    cuts.push(at + 1);
    if (bytes[at + 2] === CR && bytes[at + 3] === LF) cuts.push(at + 2);
  }
  return cuts;
}
