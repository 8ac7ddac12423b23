import type { Campaign, TrialSequence } from '../plans/base/sequence.ts';
import type { Trial } from '../types.ts';

/**
 * The order of a campaign that may end early: one trial of each plan in turn, with those of a plan spread over all of it, so that
 * what was done is a fair sample. Each comes once. A shard already has its share of all plans, and is spread as a whole.
 */
export function* fairOrder(trials: TrialSequence, campaign: Campaign): Generator<Trial, void, undefined> {
  const isWhole = trials.count === campaign.count;
  const parts = startsOf(isWhole ? campaign.plans.map(({ count }) => count) : [trials.count]);
  const longest = Math.max(0, ...parts.map(({ count }) => count));
  for (let turn = 0; turn < longest; turn++) {
    for (const { start, count, stride } of parts) if (turn < count) yield trials.at(start + ((turn * stride) % count));
  }
}

interface PlanShare {
  readonly start: number;
  readonly count: number;
  /** The step from one trial to the next. */
  readonly stride: number;
}

function startsOf(counts: readonly number[]): readonly PlanShare[] {
  let start = 0;
  return counts.map((count) => {
    const part = { start, count, stride: strideOf(count) };
    start += count;
    return part;
  });
}

/** Near the golden section, so that any beginning is spread evenly, and coprime to the count, so that it reaches all. */
function strideOf(count: number): number {
  let stride = Math.max(1, Math.round(count * 0.618));
  while (divisorOf(stride, count) !== 1) stride += 1;
  return stride;
}

function divisorOf(one: number, other: number): number {
  return other === 0 ? one : divisorOf(other, one % other);
}
