import { fromHex } from '../bytes/hex.ts';
import { BUGS } from '../diagnosis/bugs.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import type { PlanTally, SendSummary } from '../report/model.ts';
import type { Bug, Diagnosis } from '../types.ts';
import type { TorturePlanName } from './corpus/corpus.ts';

/** The likely bug: from single cuts and glue as the probe infers it, else from which kinds of tests fail. */
export function diagnoseTorture(sends: readonly SendSummary[], plans: readonly PlanTally[]): Diagnosis | undefined {
  const tally = (kind: 'whole' | 'cut', plan: TorturePlanName) => {
    const { pass = 0, fail = 0 } = plans.find((each) => each.plan === plan) ?? {};
    return pass + fail === 0 ? [] : [{ kind, first: 0, isRepeated: true, pass, fail }];
  };
  const evidence = sends.map(({ hex, frames, cells }) => ({ bytes: fromHex(hex), ...(frames !== undefined && { frames }), cells }));
  const diagnosis = diagnose({ sends: evidence, glue: [...tally('whole', 'glue'), ...tally('cut', 'glue+cut')] });
  return diagnosis ?? fromPlans(plans);
}

function fromPlans(plans: readonly PlanTally[]): Diagnosis | undefined {
  const failing = plans.filter(({ fail }) => fail > 0).map(({ plan }) => plan);
  const only = (...allowed: readonly TorturePlanName[]) =>
    failing.length > 0 && failing.every((plan) => allowed.some((each) => each === plan));
  if (only('limit', 'limit-early')) return made('no-limit', failing);
  if (only('truncation')) return made('end-unnoticed', failing);
  if (only('limit', 'limit-early', 'truncation')) return made('no-limit', failing);
  return undefined;
}

function made(bug: Bug, failing: readonly string[]): Diagnosis {
  return { bug, confidence: 'likely', sentence: BUGS[bug], evidence: `of all kinds of tests only ${failing.join(' and ')} fail` };
}
