import { sendsOf } from '../plans/base/steps.ts';
import { looksLikeError } from '../trial/error-replies.ts';
import { runRoundControls } from './controls.ts';
import type { Plan } from '../plans/base/plan.ts';
import type { Mask } from '../trial/masks.ts';
import type { TrialSetting } from '../trial/trial.ts';
import type { Bytes } from '../types.ts';
import type { Control, ControlResult } from './controls.ts';

/** Two rounds of an exchange on one connection, unsplit and one after the other. */
export interface Rounds {
  /** The control of trials with two rounds; undefined when it was not tried. */
  readonly result?: ControlResult;
  /** Why two rounds at once would show nothing; undefined when they would. */
  readonly fault?: string;
}

const SWITCHES = /^HTTP\/1\.1 101\b/;

/**
 * Finds out whether the exchange works twice on one connection: a log-in or an upgrade does not, and two of them in one write must
 * not be blamed for it. Needed only when a preset may glue: whoever names a plan means it.
 */
export async function runRounds(
  setting: TrialSetting,
  { plans, masks, signal }: { readonly plans: readonly Plan[]; readonly masks: readonly Mask[]; readonly signal?: AbortSignal | undefined },
  control: Control,
): Promise<Rounds> {
  const { observation } = control;
  const isAsked = plans.some(({ preset }) => preset !== undefined) && sendsOf(setting.exchange).length === 1;
  if (!isAsked || observation.ended !== 'open') return {};
  // After it another protocol is spoken, in which the request is invalid.
  if (observation.received.some((answer) => SWITCHES.test(beginningOf(answer)))) return { fault: 'the answer changes the protocol' };
  const result = await runRoundControls(setting, masks, control, { repeat: 2, signal });
  const fault = faultOf(result, observation.received);
  return fault === undefined ? { result } : { result, fault };
}

function faultOf({ control, summary }: ControlResult, once: readonly Bytes[]): string | undefined {
  if (control === undefined) return `two rounds on one connection go wrong even uncut (${summary.detail ?? 'no control'})`;
  const { ended, received } = control.observation;
  if (ended !== 'open') return 'the second of two rounds ends the connection even uncut';
  const isFine = once.every((answer) => looksLikeError(answer) === undefined);
  const error = received.map((answer) => looksLikeError(answer)).find((each) => each !== undefined);
  return isFine && error !== undefined ? `the second of two rounds is answered with ${error} even uncut` : undefined;
}

function beginningOf(answer: Bytes): string {
  return String.fromCharCode(...answer.subarray(0, 16));
}
