import { isForeign } from '../exchange/slots.ts';
import { optional } from '../optional.ts';
import { controlTrial, expectNumbersOf } from '../plans/base/steps.ts';
import { excerptOf } from '../report/model.ts';
import { compare, expectationOf } from '../trial/compare.ts';
import { judgeControl } from '../trial/control.ts';
import { runTrial } from '../trial/trial.ts';
import { masksOf } from '../trial/variation.ts';
import { isNoConnection } from './target/patient-connector.ts';
import type { ControlSummary } from '../report/model.ts';
import type { ControlJudgement } from '../trial/control.ts';
import type { Mask } from '../trial/masks.ts';
import type { Learnt, TrialRun, TrialSetting } from '../trial/trial.ts';
import type { Bytes, Observation, Verdict } from '../types.ts';

/** The result of the unsplit exchange: what trials are compared with, and how their answers end. */
export interface Control {
  readonly observation: Observation;
  readonly learnt: Learnt;
  /** The slowest answer, in milliseconds. */
  readonly slowestAnswerMs: number;
}

/** A control that passed, or why it did not. */
export interface ControlResult {
  readonly summary: ControlSummary;
  readonly control?: Control;
  /** The masks with which the runs are equal, the given ones first. */
  readonly masks: readonly Mask[];
  readonly runs: readonly Observation[];
}

/** Options of {@link runControls}. */
export interface ControlOptions {
  /** Rounds on one connection. @defaultValue 1 */
  readonly repeat?: number;
  /** Masks what differs between the runs, if masks can cover it. @defaultValue false */
  readonly isAutoMasked?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How often the exchange is done unsplit before anything is cut. */
export const CONTROL_RUNS = 3;

/** Does the exchange unsplit, `repeat` rounds on one connection, three times, and learns from it. */
export async function runControls(
  setting: TrialSetting,
  masks: readonly Mask[],
  { repeat = 1, isAutoMasked = false, signal }: ControlOptions = {},
): Promise<ControlResult> {
  const trial = controlTrial(setting.exchange, repeat);
  const runs: TrialRun[] = [];
  for (let run = 0; run < CONTROL_RUNS; run++) {
    runs.push(await runTrial(trial, setting, undefined, signal));
    if (runs.at(-1)?.observation.ended === 'timeout') break;
  }
  const waits = trial.steps.filter(({ kind }) => kind === 'await').length;
  const observations = runs.map(({ observation }) => observation);
  const judgement = judgeControl(setting.exchange, observations, masks);
  const variation = isAutoMasked && judgement.kind === 'flaky' ? judgement.variation : undefined;
  const found = variation === undefined ? undefined : masksOf(variation);
  if (found === undefined || variation === undefined) return judged(waits, runs, judgement, masks);
  const more = [...masks, ...found];
  const again = judgeControl(setting.exchange, observations, more);
  return judged(
    waits,
    runs,
    again.kind === 'ok' ? { ...again, detail: withMasks(again.detail, variation.ignored ?? variation.masks ?? []) } : again,
    more,
  );
}

function withMasks(detail: string | undefined, found: readonly string[]): string {
  const said = `what differs uncut is masked: ${found.join('  ')}`;
  return detail === undefined ? said : `${detail}; ${said}`;
}

function judged(waits: number, runs: readonly TrialRun[], judgement: ControlJudgement, masks: readonly Mask[]): ControlResult {
  const observations = runs.map(({ observation }) => observation);
  const [first] = runs;
  const missing = observations.find(({ received }) => received.length < waits);
  const isShort = judgement.kind === 'ok' && missing !== undefined;
  const shortDetail = `the connection ended after ${missing?.received.length} of ${waits} answers`;
  const kind = isShort ? 'failed' : judgement.kind;
  const summary: ControlSummary = {
    kind,
    runs: runs.length,
    durationMs: Math.max(...observations.map(({ durationMs }) => durationMs)),
    ...optional('detail', isShort ? shortDetail : withOverflow(judgement.detail, observations)),
    answers: (first?.observation.received ?? []).map((answer) => excerptOf(answer)),
  };
  const result = { summary, masks, runs: observations };
  if (kind !== 'ok' || first === undefined) return result;
  const slowestAnswerMs = Math.max(...runs.map((run) => run.slowestAnswerMs));
  const learnt = learn(runs, first);
  // When the server also sends frames by itself, no number of bytes tells where an answer ends.
  const answerBytes = masks.some(({ isIgnored }) => isIgnored) ? learnt.answerBytes.map(() => undefined) : learnt.answerBytes;
  return { ...result, control: { observation: first.observation, learnt: { ...learnt, answerBytes }, slowestAnswerMs } };
}

function withOverflow(detail: string | undefined, runs: readonly Observation[]): string | undefined {
  const longest = runs.find(({ overflowed }) => overflowed);
  if (longest === undefined) return detail;
  const kept = longest.received.reduce((sum, { length }) => sum + length, 0);
  const said = `answers have more bytes than are kept, and are compared up to byte ${kept}: the limit is maxAnswerBytes (--max-answer)`;
  return detail === undefined ? said : `${detail}; ${said}`;
}

/**
 * Does several rounds on one connection, as {@link runControls} does one. An answer as long as that of one round ends its wait. Unless all of
 * them are that long, each is awaited by silence instead: a request must not be sent before the answer to the one before is whole.
 */
export async function runRoundControls(
  setting: TrialSetting,
  masks: readonly Mask[],
  { learnt: { answerBytes: onceBytes } }: Control,
  { repeat, signal }: { readonly repeat: number; readonly signal?: AbortSignal | undefined },
): Promise<ControlResult> {
  const quick = await runControls({ ...setting, onceBytes }, masks, { repeat, signal });
  const isAsOnce = quick.control?.learnt.answerBytes.every((count, answer) => {
    const [number] = expectNumbersOf(setting.exchange, { kind: 'await', answers: [answer] });
    return onceBytes[number!] === undefined || onceBytes[number!] === count;
  });
  return isAsOnce === true ? quick : runControls(setting, masks, { repeat, signal });
}

/** What the runs of one control have in common. */
export function learn(runs: readonly TrialRun[], first: TrialRun): Learnt {
  return {
    answerBytes: first.answerBytes.map((count, answer) => (runs.every((run) => run.answerBytes[answer] === count) ? count : undefined)),
    ended: first.observation.ended,
    isEndAnswered: runs.every(({ isEndAnswered }) => isEndAnswered),
  };
}

/** Most bytes of answers that trials keep at once. */
const MAX_ANSWERS_BYTES = 268_435_456;
/** So few are always tried: one alone would show nothing of what connections share. */
const FEWEST_AT_ONCE = 2;

/** How many trials may run at once, so that their answers fit into the memory set aside for them. */
export function mostInMemory(wanted: number, { observation: { received } }: Control): number {
  const answerBytes = received.reduce((sum, { length }) => sum + length, 0);
  return Math.min(wanted, Math.max(FEWEST_AT_ONCE, Math.floor(MAX_ANSWERS_BYTES / answerBytes)));
}

/**
 * Finds how many concurrent connections the target serves, at most `wanted`, with the unsplit exchange: a server that fails under
 * load, or that serves one connection after the other, must not be blamed for it later. One more connection is open and idle
 * meanwhile.
 */
export async function findConcurrency(
  setting: TrialSetting,
  masks: readonly Mask[],
  control: Control,
  wanted: number,
  signal?: AbortSignal,
): Promise<number> {
  if (wanted === 1) return 1;
  const idle = await setting.connector.connect(signal);
  // It may be closed or reset meanwhile: nothing is sent on it.
  idle.on('error', () => {}).resume();
  try {
    return await mostAtOnce(wanted, () => isTaken(setting, masks, control, signal));
  } finally {
    idle.destroy();
  }
}

/** Whether the exchange is answered, even with what belongs to another connection: that is not a lack of capacity, and trials are to show it. */
async function isTaken(setting: TrialSetting, masks: readonly Mask[], control: Control, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const { verdict, received } = await uncut(setting, masks, control, signal);
    return verdict.kind !== 'fail' || received.some(isForeign);
  } catch (error) {
    // Who serves one at a time leaves the TLS handshake of the next one waiting.
    if (!isNoConnection(error)) throw error;
    return false;
  }
}

/** One beside an idle connection, then the wanted number, half of that, and so on. */
async function mostAtOnce(wanted: number, isOneRight: () => Promise<boolean>): Promise<number> {
  if (!(await isOneRight())) return 1;
  for (let connections = wanted; connections > 1; connections = Math.floor(connections / 2)) {
    if ((await Promise.all(Array.from({ length: connections }, isOneRight))).every(Boolean)) return connections;
  }
  return 1;
}

/** Whether the unsplit exchange is answered as before. */
export async function isRight(
  setting: TrialSetting,
  masks: readonly Mask[],
  control: Control,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return (await uncut(setting, masks, control, signal)).verdict.kind !== 'fail';
}

/** The unsplit exchange, once, compared with a control. */
export async function uncut(
  setting: TrialSetting,
  masks: readonly Mask[],
  { observation: wanted, learnt }: Control,
  signal: AbortSignal | undefined,
): Promise<{ readonly verdict: Verdict; readonly received: readonly Bytes[]; readonly slowestAnswerMs: number }> {
  const trial = controlTrial(setting.exchange);
  const { observation, slowestAnswerMs } = await runTrial(trial, setting, learnt, signal);
  const verdict = compare(trial, observation, expectationOf(trial, wanted, setting.exchange), masks);
  return { verdict, received: observation.received, slowestAnswerMs };
}
