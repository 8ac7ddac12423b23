import { ProbeError } from '../../errors.ts';
import { readCount } from '../../plans/base/plan.ts';
import { MAX_DATAGRAMS } from '../base/exchange.ts';
import { lose, resend, vanish } from './loss.ts';
import { delay, double, late, swap } from './order.ts';
import { glue, truncate } from './shape.ts';
import type { DatagramTrial } from '../base/types.ts';
import type { DatagramPlanContext, DatagramPlanEntry } from './plan.ts';

/** Every plan, in the order of help texts. */
export const DATAGRAM_PLANS: readonly DatagramPlanEntry[] = [lose, resend, vanish, double, late, delay, swap, truncate, glue];

/** The plans that are tried unless others are asked for: `glue` is only right where a protocol coalesces. */
export const DEFAULT_DATAGRAM_PLANS: readonly string[] = DATAGRAM_PLANS.filter(({ name }) => name !== glue.name).map(({ name }) => name);

/** A plan as it was asked for: all its trials, or one. */
export interface ChosenPlan {
  readonly entry: DatagramPlanEntry;
  /** As it was written: the name, with a number where it takes one, or the id of the only trial. */
  readonly text: string;
  readonly count?: number;
  readonly isOneTrial: boolean;
}

/**
 * Parses plans: names joined with `+`, each for all its trials, or the id of one trial as `truncate:0@17`.
 *
 * @throws ProbeError `PROBE_ERR_PLAN` naming those there are.
 */
export function parseDatagramPlans(text: string): readonly ChosenPlan[] {
  return text.split('+').map((part): ChosenPlan => {
    const [name = '', rest] = part.split(':', 2);
    const entry = DATAGRAM_PLANS.find((each) => each.name === name);
    if (entry === undefined) throw wrong(`unknown plan ${JSON.stringify(part)}; allowed: ${usages()}, or one trial such as truncate:0@17`);
    if (entry.usage === undefined || rest === undefined) return { entry, text: part, isOneTrial: rest !== undefined };
    const [number, place] = rest.split('@', 2);
    const count = readCount(number, entry.usage, { min: 2, max: MAX_DATAGRAMS });
    return { entry, text: part, count, isOneTrial: place !== undefined };
  });
}

function usages(): string {
  return DATAGRAM_PLANS.map(({ name, usage = name }) => usage).join(', ');
}

/** One plan with its trials. */
export interface PlannedDatagrams {
  readonly plan: string;
  readonly trials: readonly DatagramTrial[];
  readonly untried?: string;
}

/**
 * Makes the trials.
 *
 * @throws ProbeError `PROBE_ERR_PLAN` for a trial that the exchange does not have, `PROBE_ERR_NO_TRIALS` when there are none at all.
 */
export function planDatagrams(chosen: readonly ChosenPlan[], context: DatagramPlanContext): readonly PlannedDatagrams[] {
  const planned = chosen.map(({ entry, text, count, isOneTrial }): PlannedDatagrams => {
    const { trials, untried } = entry.create(isOneTrial ? { ...context, maxTruncations: Number.POSITIVE_INFINITY } : context, count);
    if (!isOneTrial) return { plan: text, trials, ...(untried === undefined ? {} : { untried }) };
    const trial = trials.find(({ id }) => id === text);
    if (trial === undefined)
      throw wrong(`there is no trial ${JSON.stringify(text)}${trials.length === 0 ? '' : `, as there is ${trials.at(-1)!.id}`}`);
    return { plan: text, trials: [trial] };
  });
  if (planned.some(({ trials }) => trials.length > 0)) return planned;
  const why = planned.map(({ untried }) => untried).filter((each) => each !== undefined);
  throw new ProbeError('PROBE_ERR_NO_TRIALS', `these plans make no trial: ${why.join('; ')}`);
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_PLAN', what);
}
