import { ProbeError } from '../../../errors.ts';
import { nearLandmarks } from '../../base/landmarks.ts';
import { draftsOf } from '../../base/plan.ts';
import { MAX_PAUSE_MS } from '../../base/shape.ts';
import { cuttableBytes, plainSteps, sendsOf, withPause } from '../../base/steps.ts';
import type { Cut, SendStep } from '../../../types.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

const USAGE = 'pause:300ms';

/** Most cuts in one send, and in all: each one takes time. */
const MAX_CUTS = 16;
const MAX_TRIALS = 256;

/** One cut followed by silence: a server must not take silence for the end of a message. */
export const pause: PlanEntry = {
  name: 'pause',
  usage: USAGE,
  summary: 'one cut and a silence of 1ms to 30s behind it, at the ends of frames, headers and lines, in the middle and beside both ends',
  needsFrames: false,
  create: (argument) => {
    const { count, unit } = /^(?<count>\d{1,6})(?<unit>ms|s)$/.exec(argument ?? '')?.groups ?? {};
    const ms = Number(count) * (unit === 's' ? 1000 : 1);
    if (!(ms >= 1 && ms <= MAX_PAUSE_MS))
      throw new ProbeError('PROBE_ERR_PLAN', `${USAGE} takes a time from 1ms to 30s, received ${JSON.stringify(argument ?? '')}`);
    return (context) => draft(context, ms);
  },
};

function draft({ exchange }: PlanContext, ms: number): Drafts {
  const places = sendsOf(exchange).flatMap((step, send) => cutsIn(step).map((cut) => ({ send, cut })));
  return draftsOf(spread(places, MAX_TRIALS), ({ send, cut }) => ({
    repeat: 1,
    steps: withPause(plainSteps(exchange, { cuts: new Map([[send, [cut]]]) }), ms),
  }));
}

function cutsIn(step: SendStep): readonly Cut[] {
  const length = cuttableBytes(step);
  const near = nearLandmarks(step, 10 * MAX_CUTS);
  const middle = Math.floor(length / 2);
  const all = new Set([1, middle, length - 1, ...spread(near, MAX_CUTS - 3)].filter((cut) => cut > 0 && cut < length));
  return [...all].toSorted((left, right) => left - right);
}

function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  return items.length <= most ? items : Array.from({ length: most }, (_, part) => items[Math.floor((part * items.length) / most)]!);
}
