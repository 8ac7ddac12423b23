import { compare, expectationOf } from '../trial/compare.ts';
import { judgeControl } from '../trial/control.ts';
import { controlTrial } from '../plans/base/steps.ts';
import { excerptOf, type ControlSummary } from '../report/model.ts';
import { runTrial, type Learnt, type TrialRun, type TrialSetting } from '../trial/trial.ts';
import type { Mask } from '../trial/masks.ts';
import type { Observation } from '../types.ts';

/** What an exchange comes to unsplit: what trials are compared with, and how their answers end. */
export interface Control {
  readonly observation: Observation;
  readonly learnt: Learnt;
  /** The longest time that one answer took, in milliseconds. */
  readonly slowestAnswerMs: number;
}

/** A control that went well, or why it did not. */
export type ControlResult = { readonly summary: ControlSummary; readonly control?: Control };

/** How often the exchange is done unsplit before anything is cut. */
export const CONTROL_RUNS = 3;

/** Does the exchange unsplit, `repeat` rounds on one connection, three times, and learns from it. */
export async function runControls(
  setting: TrialSetting,
  masks: readonly Mask[],
  { repeat = 1, signal }: { readonly repeat?: number; readonly signal?: AbortSignal } = {},
): Promise<ControlResult> {
  const trial = controlTrial(setting.exchange, repeat);
  const runs: TrialRun[] = [];
  for (let run = 0; run < CONTROL_RUNS; run++) {
    runs.push(await runTrial(trial, setting, undefined, signal));
    if (runs.at(-1)?.observation.ended === 'timeout') break;
  }
  return judged(setting, trial.steps.filter(({ kind }) => kind === 'await').length, runs, masks);
}

function judged(setting: TrialSetting, waits: number, runs: readonly TrialRun[], masks: readonly Mask[]): ControlResult {
  const observations = runs.map(({ observation }) => observation);
  const [first] = runs;
  const missing = observations.find(({ received }) => received.length < waits);
  const judgement = judgeControl(setting.exchange, observations, masks);
  const isShort = judgement.kind === 'ok' && missing !== undefined;
  const shortDetail = `the connection ended after ${missing?.received.length} of ${waits} answers`;
  const { kind, ...why } = isShort ? { kind: 'failed' as const, detail: shortDetail } : judgement;
  const summary: ControlSummary = {
    kind,
    runs: runs.length,
    durationMs: Math.max(...observations.map(({ durationMs }) => durationMs)),
    ...why,
    answers: (first?.observation.received ?? []).map((answer) => excerptOf(answer)),
  };
  if (kind !== 'ok' || first === undefined) return { summary };
  const slowestAnswerMs = Math.max(...runs.map((run) => run.slowestAnswerMs));
  return { summary, control: { observation: first.observation, learnt: learn(runs, first), slowestAnswerMs } };
}

/** What runs of one control have in common. */
export function learn(runs: readonly TrialRun[], first: TrialRun): Learnt {
  return {
    answerBytes: first.answerBytes.map((count, answer) => (runs.every((run) => run.answerBytes[answer] === count) ? count : undefined)),
    ended: first.observation.ended,
    isEndAnswered: runs.every(({ isEndAnswered }) => isEndAnswered),
  };
}

/**
 * Finds how many connections at once the target takes, at most `wanted`, with the exchange unsplit: a server that fails under
 * load, or that serves one connection after the other, must not be blamed for its answers to pieces.
 */
export async function findConcurrency(
  setting: TrialSetting,
  masks: readonly Mask[],
  control: Control,
  wanted: number,
  signal?: AbortSignal,
): Promise<number> {
  if (wanted > 1 && !(await servesBesideIdle(setting, masks, control, signal))) return 1;
  for (let connections = wanted; connections > 1; connections = Math.floor(connections / 2)) {
    const runs = Array.from({ length: connections }, () => isRight(setting, masks, control, signal));
    if ((await Promise.all(runs)).every(Boolean)) return connections;
  }
  return 1;
}

/** Whether the exchange goes well while another connection is open and silent. */
async function servesBesideIdle(
  setting: TrialSetting,
  masks: readonly Mask[],
  control: Control,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const idle = await setting.connector.connect(signal);
  // It may be closed or reset meanwhile: nothing is asked of it.
  idle.on('error', () => {}).resume();
  try {
    return await isRight(setting, masks, control, signal);
  } finally {
    idle.destroy();
  }
}

/** Whether the exchange, unsplit, is answered as it was before. */
export async function isRight(
  setting: TrialSetting,
  masks: readonly Mask[],
  { observation, learnt }: Control,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const trial = controlTrial(setting.exchange);
  const run = await runTrial(trial, setting, learnt, signal);
  return compare(trial, run.observation, expectationOf(trial, observation), masks).kind !== 'fail';
}
