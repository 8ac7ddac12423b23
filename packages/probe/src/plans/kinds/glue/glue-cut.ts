import { cutDraft } from '../../base/cut-drafts.ts';
import { draftsOf, noArgument, withoutDrafts } from '../../base/plan.ts';
import { sortedCuts } from '../../base/segmentation.ts';
import { gluedSteps, roundsSteps, sendsOf } from '../../base/steps.ts';
import { AWAITED, gluableBehind, repeatFaultOf } from './glue.ts';
import type { Cut, FrameSpan, SendStep } from '../../../types.ts';
import type { Draft, Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

/** Most boundaries that are cut around: the first ones, as more of the same show nothing new. */
const MAX_BOUNDARIES = 1000;

/** The bytes on both sides of a boundary; `header` is that of the right frame, if known. */
interface Neighbours {
  readonly at: number;
  readonly left: number;
  readonly right: number;
  readonly header?: number;
}

/**
 * One piece with the end of one frame and the head of the next: at each boundary between the frames of a send and between sends, the
 * first thousand of each, with the last byte, half or all of the left one and the first byte, half the header, the header plus or
 * minus a byte, or all but a byte of the right one.
 */
export const glueCut: PlanEntry = {
  name: 'glue+cut',
  usage: 'glue+cut',
  summary: 'one piece with the end of one frame or request and the head of the next, at the first thousand boundaries',
  needsFrames: false,
  create: (argument) => {
    noArgument(argument, 'glue+cut');
    return draft;
  },
};

function draft(context: PlanContext): Drafts {
  const { exchange } = context;
  const sends = sendsOf(exchange);
  const inside = sends.flatMap(({ frames = [], cut }, send) =>
    frameBoundaries(cut === false ? [] : frames).flatMap((place) => around(place).map((cuts) => () => cutDraft(exchange, { send, cuts }))),
  );
  const drafts = [...inside, ...(sends.length === 1 ? ofRounds(context) : ofSends(context))];
  return drafts.length === 0 ? withoutDrafts(whyNone(context)) : draftsOf(drafts, (make) => make());
}

function whyNone(context: PlanContext): string {
  const fault = sendsOf(context.exchange).length === 1 ? repeatFaultOf(context) : undefined;
  return fault === undefined ? AWAITED : `a second request in the same write: ${fault}`;
}

function ofRounds(context: PlanContext): readonly (() => Draft)[] {
  const { exchange } = context;
  const [send] = sendsOf(exchange);
  if (repeatFaultOf(context) !== undefined || send?.cut === false) return [];
  return around(neighbours(send!, send!)).map((cuts) => () => ({ repeat: 2, steps: roundsSteps(exchange, 2, cuts) }));
}

function ofSends({ exchange }: PlanContext): readonly (() => Draft)[] {
  const sends = sendsOf(exchange);
  const firsts = Array.from({ length: sends.length - 1 }, (_, first) => first)
    .filter(gluableBehind(exchange))
    .filter((first) => sends[first]!.cut !== false && sends[first + 1]!.cut !== false);
  return firsts.slice(0, MAX_BOUNDARIES).flatMap((first) =>
    around(neighbours(sends[first]!, sends[first + 1]!)).map((cuts) => () => ({
      repeat: 1,
      steps: gluedSteps(exchange, first, first + 1, cuts),
    })),
  );
}

function frameBoundaries(frames: readonly FrameSpan[]): readonly Neighbours[] {
  return frames.slice(1, MAX_BOUNDARIES + 1).map((right, index) => {
    const left = frames[index]!;
    return { at: right.start, left: left.end - left.start, right: right.end - right.start, header: right.payloadStart - right.start };
  });
}

function neighbours(left: SendStep, right: SendStep): Neighbours {
  const last = left.frames?.at(-1);
  const first = right.frames?.[0];
  return {
    at: left.send.length,
    left: last === undefined ? left.send.length : last.end - last.start,
    right: first === undefined ? right.send.length : first.end,
    ...(first === undefined ? {} : { header: first.payloadStart }),
  };
}

/** The pairs of cuts around a boundary; the first is 0, which cuts nothing, when all of the first frame belongs to the piece. */
function around({ at, left, right, header = 0 }: Neighbours): readonly (readonly Cut[])[] {
  const tails = new Set([1, Math.ceil(left / 2), left]);
  const heads = sortedCuts([1, Math.floor(header / 2), header - 1, header, header + 1, Math.floor(right / 2), right - 1], right);
  return [...tails].flatMap((tail) => heads.map((head) => [at - tail, at + head]));
}
