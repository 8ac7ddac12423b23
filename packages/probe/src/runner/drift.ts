import { controlTrial } from '../plans/base/steps.ts';
import { compare, expectationOf } from '../trial/compare.ts';
import { runTrial } from '../trial/trial.ts';
import { findVariation, masksOf, whereAndAdvice } from '../trial/variation.ts';
import { runControls } from './controls.ts';
import type { Mask } from '../trial/masks.ts';
import type { TrialSetting } from '../trial/trial.ts';
import type { Control } from './controls.ts';

/** What became of the answers of the uncut exchange since the control. `masked`: masks cover it from now on. */
export type Drift = { readonly kind: 'masked' } | { readonly kind: 'differs'; readonly detail: string };

/** Looks whether the uncut exchange is still answered as in the control; `undefined` when it is, or when it goes wrong otherwise. */
export type DriftCheck = (signal: AbortSignal | undefined) => Promise<Drift | undefined>;

/** What a {@link DriftCheck} needs. */
export interface DriftOptions {
  /** How trials are run, and how controls are. */
  readonly setting: TrialSetting;
  readonly controlSetting: TrialSetting;
  readonly control: Control;
  /** Masks are added to it where `isAutoMasked`. */
  readonly masks: Mask[];
  readonly isAutoMasked: boolean;
}

/**
 * Answers change with time, too: a date, a number of requests served. A trial that got other bytes than the control is no failure when the
 * uncut exchange gets other bytes by now, each time and in a whole answer.
 */
export function createDriftCheck({ setting, controlSetting, control, masks, isAutoMasked }: DriftOptions): DriftCheck {
  const trial = controlTrial(setting.exchange);
  const expectation = expectationOf(trial, control.observation, setting.exchange);
  return async (signal) => {
    const { observation } = await runTrial(trial, setting, control.learnt, signal);
    if (compare(trial, observation, expectation, masks).kind !== 'fail') return undefined;
    const { runs, summary } = await runControls(controlSetting, masks, { signal });
    const areOthers = runs.every((run) => compare(trial, run, expectation, masks).kind === 'fail');
    if (summary.kind === 'failed' || !areOthers) return undefined;
    const variation = findVariation([control.observation.received, ...runs.map(({ received }) => received)], masks);
    if (variation === undefined) return undefined;
    const found = isAutoMasked ? masksOf(variation) : undefined;
    if (found === undefined) return { kind: 'differs', detail: whereAndAdvice(variation) };
    masks.push(...found);
    return { kind: 'masked' };
  };
}
