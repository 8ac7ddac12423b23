import { controlTrial } from '../plans/base/steps.ts';
import { compare, expectationOf } from '../trial/compare.ts';
import { runTrial } from '../trial/trial.ts';
import { runWireTrial } from '../trial/wire-trial.ts';
import { runRoundControls } from './controls.ts';
import { isBroken } from './target/judged.ts';
import { isNoConnection } from './target/patient-connector.ts';
import type { Mask } from '../trial/masks.ts';
import type { TrialSetting } from '../trial/trial.ts';
import type { Fail, FailureKind, Observation, Trial } from '../types.ts';
import type { Company } from './company.ts';
import type { Control, ControlResult } from './controls.ts';
import type { DriftCheck } from './drift.ts';
import type { CrashGuard } from './target/crash-guard.ts';
import type { Judged } from './target/judged.ts';

/** Runs trials and judges them. */
export interface Judge {
  /** One run, compared with the control. */
  runOnce(trial: Trial, signal?: AbortSignal): Promise<Judged>;
  /**
   * One run, and when it fails up to two more: a failure that does not repeat is flaky. One that a peer did not read in time is run again. Undefined for one
   * that broke because of others.
   */
  judge(trial: Trial, signal?: AbortSignal): Promise<Judged | undefined>;
  /** The same for a trial that was flaky, once all are done: what is known by then of what connections share may explain it. */
  reconsider(judged: Judged, signal?: AbortSignal): Promise<Judged>;
}

/** How often a failure is repeated before it counts as flaky. */
const CONFIRMING_RUNS = 2;
/** An unconfirmed piece was waited for, if for so long; where nothing can be seen it is not. In milliseconds. */
const LATE_MS = 500;
/** So many trials that stay unconfirmed when they are repeated tell that the peer always reads late. */
const MOST_IN_VAIN = 8;
const NOTHING: Observation = { received: [], ended: 'open', durationMs: 0, confirmed: false, pieces: [] };

/** Failures that different bytes alone could be. */
const OTHER_BYTES: ReadonlySet<FailureKind> = new Set(['wrong-bytes', 'missing-bytes', 'extra-bytes', 'error-reply']);

/** What a judge checks besides the trials; empty when each trial has its own peer. */
export interface JudgeOptions {
  /** Checks the unsplit exchange when a trial got different bytes. */
  readonly driftOf?: DriftCheck;
  /** Finds out which trial killed the target. */
  readonly guard?: CrashGuard;
  /** Tells what fails only because of what connections share by design. */
  readonly company?: Company;
}

/** Makes a {@link Judge} from a function that runs a trial once. */
export function createJudge(runOnce: Judge['runOnce'], { driftOf, guard, company }: JudgeOptions = {}): Judge {
  const beside = (run: () => Promise<Judged>): Promise<Judged> => {
    if (company?.isShared === true) return company.alone(run);
    return guard === undefined ? run() : guard.beside(run);
  };
  let inVain = 0;
  /** The peer may have been given no time of the processor, just then. */
  const oncePatiently = async (run: () => Promise<Judged>): Promise<Judged> => {
    const first = await beside(run);
    if (first.verdict.kind !== 'unconfirmed' || inVain >= MOST_IN_VAIN || !wasLate(first.observation)) return first;
    const again = await beside(run);
    if (again.verdict.kind === 'unconfirmed') inVain += 1;
    return again;
  };
  const settled = async (judged: Judged, run: () => Promise<Judged>, signal: AbortSignal | undefined): Promise<Judged> => {
    const { verdict, isTargetGone } = judged;
    if (verdict.kind !== 'fail' || isTargetGone === true || !OTHER_BYTES.has(verdict.failure)) return judged;
    const drift = await driftOf?.(judged, signal);
    if (drift === undefined) return judged;
    if (drift.kind === 'masked') return run();
    return { ...judged, verdict: { kind: 'flaky', detail: `${verdict.detail}; ${drift.detail}` } };
  };
  return {
    runOnce,
    async judge(trial, signal) {
      const startedAt = performance.now();
      const run = (): Promise<Judged> => runOnce(trial, signal);
      const alone = async (): Promise<Judged> => confirmed(await run(), isBroken, run);
      const first = await oncePatiently(run);
      if (first.verdict.kind !== 'fail') return first;
      const mayHaveDied = guard !== undefined && isBroken(first);
      if (mayHaveDied && (await guard.hasDied(startedAt))) return guard.alone(first, alone);
      const judged = await confirmed(
        first,
        () => false,
        () => beside(run),
      );
      // It was back before anyone noticed, and died again.
      if (mayHaveDied && judged.isTargetGone !== true && (await guard.hasDied(startedAt))) return guard.alone(first, alone);
      const fair = company === undefined ? judged : await company.settle(judged, run);
      return settled(fair, () => beside(run), signal);
    },
    async reconsider(judged, signal) {
      if (company?.isShared !== true) return judged;
      return company.settle(judged, () => runOnce(judged.trial, signal));
    },
  };
}

function wasLate({ pieces }: Observation): boolean {
  return pieces.slice(0, -1).some((piece) => !piece.confirmed && piece.waitedMs >= LATE_MS);
}

/** Repeats a failure unless it needs no further proof. */
function confirmed(judged: Judged, isClear: (judged: Judged) => boolean, again: () => Promise<Judged>): Promise<Judged> {
  const { verdict } = judged;
  return verdict.kind !== 'fail' || isClear(judged) ? Promise.resolve(judged) : confirm({ ...judged, verdict }, again);
}

/** Runs trials against a server. `controlSetting` is for further controls, of several rounds on one connection. */
export function serverRun(
  setting: TrialSetting,
  controlSetting: TrialSetting,
  masks: readonly Mask[],
  control: Control,
  twoRounds?: ControlResult,
): Judge['runOnce'] {
  const controls = new Map<number, Promise<ControlResult>>(twoRounds === undefined ? [] : [[2, Promise.resolve(twoRounds)]]);
  const controlOf = (repeat: number, signal: AbortSignal | undefined): Promise<ControlResult> => {
    const known = controls.get(repeat);
    if (known !== undefined) return known;
    const made = runRoundControls(controlSetting, masks, control, { repeat, signal });
    controls.set(repeat, made);
    return made;
  };
  return async (trial, signal) => {
    const rounds = trial.repeat === 1 ? undefined : await controlOf(trial.repeat, signal);
    if (rounds !== undefined && rounds.control === undefined) return withoutControl(trial, rounds);
    const { learnt, observation: wanted } = rounds?.control ?? control;
    const run = await runTrial(trial, setting, learnt, signal);
    const expectation = expectationOf(trial, wanted, setting.exchange);
    const judged = [run, ...(run.other === undefined ? [] : [run.other])].map(({ observation }) => ({
      trial,
      verdict: compare(trial, observation, expectation, masks),
      observation,
      expectation,
    }));
    return judged.find(({ verdict }) => verdict.kind === 'fail') ?? judged.find(({ verdict }) => verdict.kind !== 'pass') ?? judged[0]!;
  };
}

/** Runs trials of the bytes of TLS that carry the exchange of `setting`. */
export function wireRun(setting: TrialSetting, masks: readonly Mask[], { observation: wanted, learnt }: Control): Judge['runOnce'] {
  const uncut = controlTrial(setting.exchange);
  const expectation = expectationOf(uncut, wanted, setting.exchange);
  return async (trial, signal) => {
    const observation = await runWireTrial(trial, setting, learnt, signal);
    return { trial, verdict: compare(uncut, observation, expectation, masks), observation, expectation };
  };
}

/** Rounds that fail unsplit show nothing about cuts. */
function withoutControl(trial: Trial, { summary }: ControlResult): Judged {
  const detail = `${trial.repeat} rounds on one connection go wrong even unsplit: ${summary.detail ?? 'no control'}`;
  return { trial, verdict: { kind: 'flaky', detail }, observation: NOTHING, expectation: { answers: [], ended: 'open' } };
}

async function confirm(judged: Judged & { readonly verdict: Fail }, again: () => Promise<Judged>): Promise<Judged> {
  for (let run = 0; run < CONFIRMING_RUNS; run++) {
    try {
      const { verdict } = await again();
      if (verdict.kind === 'fail') return judged;
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      const detail = `${judged.verdict.detail}; then the target took no more connections`;
      return { ...judged, verdict: { ...judged.verdict, detail }, isTargetGone: true };
    }
  }
  const detail = `${judged.verdict.detail}; ${CONFIRMING_RUNS} more runs of the same went well`;
  return { ...judged, verdict: { kind: 'flaky', detail } };
}
