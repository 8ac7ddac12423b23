import { cutsOf } from '../../src/plans/base/segmentation.ts';
import { planTrials } from '../../src/plans/base/sequence.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import type { PlanOptions } from '../../src/plans/base/sequence.ts';
import type { Exchange, Trial } from '../../src/types.ts';

/** All trials of some plans. */
export function trialsOf(exchange: Exchange, plans: string, options?: PlanOptions): readonly Trial[] {
  return [...planTrials(parsePlan(plans), exchange, options)];
}

/** The cuts of each burst of each trial. */
export function cutsOfPlan(exchange: Exchange, plans: string, options?: PlanOptions): readonly (readonly (readonly number[])[])[] {
  return trialsOf(exchange, plans, options).map(({ steps }) => steps.flatMap((step) => (step.kind === 'burst' ? [cutsOf(step)] : [])));
}

/** The cuts of each trial, of an exchange of one send. */
export function onlyCuts(exchange: Exchange, plans: string, options?: PlanOptions): readonly (readonly number[])[] {
  return cutsOfPlan(exchange, plans, options).map(([cuts]) => cuts ?? []);
}
