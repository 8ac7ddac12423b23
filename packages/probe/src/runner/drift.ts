import { controlTrial } from '../plans/base/steps.ts';
import { compare, expectationOf } from '../trial/compare.ts';
import { parseIgnored } from '../trial/masks.ts';
import { ownLines } from '../trial/own-lines.ts';
import { runTrial } from '../trial/trial.ts';
import { adviceOf, findVariation, masksOf, whereAndAdvice } from '../trial/variation.ts';
import { runControls } from './controls.ts';
import type { Mask } from '../trial/masks.ts';
import type { TrialSetting } from '../trial/trial.ts';
import type { Control } from './controls.ts';
import type { Judged } from './target/judged.ts';

/** Why other bytes are no failure of a trial; a clause. `masked`: masks cover it from now on. */
export type Drift = { readonly kind: 'masked' } | { readonly kind: 'differs'; readonly detail: string };

/** Looks whether other bytes in a trial have another cause than its pieces; `undefined` when they have none. */
export type DriftCheck = (judged: Judged, signal: AbortSignal | undefined) => Promise<Drift | undefined>;

/** Options of a {@link DriftCheck}. */
export interface DriftOptions {
  /** How trials are run, and how controls are. */
  readonly setting: TrialSetting;
  readonly controlSetting: TrialSetting;
  readonly control: Control;
  /** Masks are added here if `isAutoMasked`. */
  readonly masks: Mask[];
  readonly isAutoMasked: boolean;
}

/** How long a server is listened to behind each answer, and in all. */
const LISTEN_MS = 2_000;
const LONGEST_LISTEN_MS = 10_000;

/**
 * Answers change with time, too: a date, a number of requests served. A trial that got other bytes than the control is no failure when the
 * uncut exchange gets other bytes by now, each time and in a whole answer; nor when all that differs is what the server says by itself.
 */
export function createDriftCheck(options: DriftOptions): DriftCheck {
  const changed = changedCheck(options);
  const spoken = spokenCheck(options);
  return async (judged, signal) => (await changed(signal)) ?? (await spoken(judged, signal));
}

function changedCheck({
  setting,
  controlSetting,
  control,
  masks,
  isAutoMasked,
}: DriftOptions): (signal: AbortSignal | undefined) => Promise<Drift | undefined> {
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
    if (found === undefined) return { kind: 'differs', detail: `by now the uncut exchange differs too: ${whereAndAdvice(variation)}` };
    masks.push(...found);
    return { kind: 'masked' };
  };
}

/** Asked only where lines that came, or did not, are all that differs: whether such lines come although nothing is sent. */
function spokenCheck({ controlSetting, control, masks, isAutoMasked }: DriftOptions): DriftCheck {
  let listened: Promise<readonly string[]> | undefined;
  return async (judged, signal) => {
    const ignored = linesOf(judged, masks);
    if (ignored === undefined) return undefined;
    listened ??= listen(controlSetting, control, masks, signal);
    const own = await listened;
    if (!ignored.every((expression) => own.includes(expression))) return undefined;
    if (!isAutoMasked) return { kind: 'differs', detail: adviceOf({ where: [], ignored }) };
    masks.push(...ignored.map(parseIgnored));
    return { kind: 'masked' };
  };
}

/** The lines that explain all that differs in a trial; undefined when there are none. */
function linesOf({ trial, observation, expectation }: Judged, masks: readonly Mask[]): readonly string[] | undefined {
  const found = expectation.answers.flatMap((wanted, answer) => ownLines([wanted, observation.received[answer] ?? wanted], masks) ?? []);
  if (found.length === 0) return undefined;
  const isExplained = compare(trial, observation, expectation, [...masks, ...found.map(parseIgnored)]).kind !== 'fail';
  return isExplained ? [...new Set(found)] : undefined;
}

/** The lines that come behind the answers of the uncut exchange, when it is listened to for longer. */
async function listen(
  setting: TrialSetting,
  { observation: wanted }: Control,
  masks: readonly Mask[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const limits = { ...setting.limits, quietMs: LISTEN_MS, hangMs: LISTEN_MS, trialMs: LONGEST_LISTEN_MS };
  const { observation } = await runTrial(controlTrial(setting.exchange), { ...setting, limits }, undefined, signal);
  return wanted.received.flatMap((answer, index) => ownLines([answer, observation.received[index] ?? answer], masks) ?? []);
}
