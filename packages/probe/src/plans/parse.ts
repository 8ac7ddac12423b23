import { ProbeError } from '../errors.ts';
import { PRESETS } from './presets.ts';
import { PLANS } from './registry.ts';
import type { Plan } from './base/plan.ts';

/** Most plans that can be joined, and the longest text of all of them, in characters. */
const MAX_PLANS = 64;
const MAX_TEXT_CHARS = 1_000_000;

/**
 * Parses plans joined with `+`, such as `every-cut+glue:2`: the trials of all, one plan after the other. A preset stands for its plans.
 *
 * @throws ProbeError `PROBE_ERR_PLAN` saying what was seen and what is allowed.
 */
export function parsePlan(text: string): readonly Plan[] {
  if (text.length > MAX_TEXT_CHARS) throw wrong(`plans of ${text.length} characters, limit ${MAX_TEXT_CHARS}`);
  const words = splitPlans(text);
  if (words.length > MAX_PLANS) throw wrong(`${words.length} plans, limit ${MAX_PLANS}`);
  const twice = words.find((word, index) => words.indexOf(word) < index);
  if (twice !== undefined) throw wrong(`the plan ${twice} is given twice`);
  const plans = words.flatMap(parseOne);
  // A plan given by its own name is used as written, not as in a preset.
  return plans.filter(({ text: name, preset }) => preset === undefined || !words.includes(name));
}

/** Splits at each `+` except that of `glue+cut`. */
function splitPlans(text: string): readonly string[] {
  return text.split(/(?<!(?:^|\+)\s*glue)\+|\+(?!\s*cut\s*(?:\+|$))/).map((part) => part.trim());
}

function parseOne(text: string): readonly Plan[] {
  const preset = PRESETS.find((each) => each.name === text);
  if (preset !== undefined) return preset.plans;
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const entry = PLANS.find((plan) => plan.name === name);
  if (entry === undefined) throw wrong(`unknown plan ${JSON.stringify(name)}; allowed: ${usages()}`);
  return [{ text, draft: entry.create(colon < 0 ? undefined : text.slice(colon + 1)) }];
}

function usages(): string {
  return [...PRESETS.map(({ name }) => name), ...PLANS.map(({ usage }) => usage)].join('  ');
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_PLAN', what);
}
