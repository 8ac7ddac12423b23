import { gluedSteps, roundsSteps } from '../plans/base/steps.ts';
import type { Exchange, Trial } from '../types.ts';

/** Fewest requests in one write, and the next few. */
const FEW = [2, 3, 4];

/**
 * The trials that glue fewer requests than this one, unsplit, the fewest first: 2, 3, 4 or half as many rounds, or
 * any two consecutive sends. None when only two are glued.
 */
export function fewerGlued(exchange: Exchange, trial: Trial): readonly Trial[] {
  const burst = trial.steps.find((step) => step.kind === 'burst' && step.sends.length > 2);
  if (burst?.kind !== 'burst') return [];
  const { sends } = burst;
  const smaller = { ...trial, id: `${trial.id}~`, index: -1 };
  const repeated = sends.filter((send) => send === sends[0]).length;
  if (repeated === 1) return sends.slice(0, -1).map((send) => ({ ...smaller, steps: gluedSteps(exchange, send, send + 1) }));
  const rounds = [...FEW, Math.ceil(repeated / 2)].filter((many, index) => many < repeated && (index < FEW.length || many > 4));
  return rounds.map((repeat) => ({ ...smaller, repeat, steps: roundsSteps(exchange, repeat) }));
}
