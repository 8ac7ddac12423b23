import { ProbeError } from '../errors.ts';
import { PLANS } from './registry.ts';
import type { Plan } from './base/plan.ts';

/** Most plans that can be joined, and longest text of all of them, in characters. */
const MAX_PLANS = 64;
const MAX_TEXT_CHARS = 1_000_000;

/**
 * Reads plans joined with `+`, such as `every-cut+glue:2`: the trials of all, one plan after the other.
 *
 * @throws ProbeError `PROBE_ERR_PLAN` saying what was seen and what is allowed.
 */
export function parsePlan(text: string): readonly Plan[] {
  if (text.length > MAX_TEXT_CHARS) throw wrong(`plans of ${text.length} characters, limit ${MAX_TEXT_CHARS}`);
  const plans = splitPlans(text).map(parseOne);
  if (plans.length > MAX_PLANS) throw wrong(`${plans.length} plans, limit ${MAX_PLANS}`);
  const twice = plans.find((plan, index) => plans.findIndex((other) => other.text === plan.text) < index);
  if (twice !== undefined) throw wrong(`the plan ${twice.text} is given twice`);
  return plans;
}

/** Splits at each `+` that is not the one of `glue+cut`. */
function splitPlans(text: string): readonly string[] {
  return text.split(/(?<!(?:^|\+)\s*glue)\+|\+(?!\s*cut\s*(?:\+|$))/).map((part) => part.trim());
}

function parseOne(text: string): Plan {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const entry = PLANS.find((plan) => plan.name === name);
  if (entry === undefined)
    throw wrong(`no plan is called ${JSON.stringify(name)}, allowed are ${PLANS.map(({ usage }) => usage).join('  ')}`);
  return { text, draft: entry.create(colon < 0 ? undefined : text.slice(colon + 1)) };
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_PLAN', what);
}
