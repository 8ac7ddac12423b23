import { framingOf } from '@socklab/framing';
import { toHex } from '../bytes/hex.ts';
import { glueOf } from '../diagnosis/diagnose-glue.ts';
import { diagnose, pausesOf } from '../diagnosis/diagnose.ts';
import { commandOf, endsEarly, explain, replayCommand } from '../diagnosis/explain.ts';
import { optional } from '../optional.ts';
import { cutsOf } from '../plans/base/segmentation.ts';
import { shapeOf } from '../plans/base/shape.ts';
import { sendsOf } from '../plans/base/steps.ts';
import { cellOf } from '../trial/cells.ts';
import { CellStrip } from './cell-strip.ts';
import { excerptOf, MAX_CASES, MAX_FRAMES, MAX_REQUEST_BYTES, MAX_SHAPE_CHARS, REPORT_VERSION } from './model.ts';
import { notTriedOf } from './not-tried.ts';
import { outcomeOf } from './outcome.ts';
import { noVerdicts, sumOf } from './totals.ts';
import type { GlueTally } from '../diagnosis/diagnose-glue.ts';
import type { PlannedCount, Shard } from '../plans/base/sequence.ts';
import type { Expectation } from '../trial/compare.ts';
import type { Diagnosis, Exchange, Fail, Observation, Trial, Verdict, VerdictKind } from '../types.ts';
import type { CaseReport, ControlSummary, PlanTally, ProbeReport, SendSummary, TrialSummary } from './model.ts';

/** The part of a report about the campaign itself. */
export interface ReportOptions {
  readonly target: string;
  readonly exchange: Exchange;
  /** The number of trials of each plan in the whole campaign: `Campaign.plans`. */
  readonly plans: readonly PlannedCount[];
  readonly seed: number;
  /** The pace as it was written. */
  readonly pace: string;
  /** @defaultValue the whole campaign */
  readonly shard?: Shard;
  /** The command without its plan: program, target, request, framing. Without it there are no replay commands. */
  readonly replay?: readonly string[];
  /** Concurrent trials: failures that need company are replayed with it. @defaultValue 1 */
  readonly concurrency?: number;
}

/** A trial that failed, always or once, with its observation. */
export interface Case {
  /** The trial of the campaign. */
  readonly trial: Trial;
  readonly verdict: Extract<Verdict, { readonly kind: 'fail' | 'flaky' }>;
  /** What the smallest trial showed, and what was expected. */
  readonly observation: Observation;
  readonly expectation: Expectation;
  /** The smallest trial that still fails. @defaultValue the trial itself */
  readonly shrunk?: { readonly trial: Trial; readonly runs: number; readonly verdict: Fail };
  /** Whether it fails only beside other trials: replayed alone it shows nothing. */
  readonly isTogether?: boolean;
  /** The trial whose smallest failure is contained in this one, by id. */
  readonly like?: string;
}

/** Collects the verdicts of a campaign. Memory depends on the size of the request and on `MAX_CASES`, not on the number of trials. */
export class ReportBuilder {
  readonly #options: ReportOptions;
  readonly #strips: readonly CellStrip[];
  readonly #tallies: Map<string, Record<VerdictKind, number>>;
  readonly #glue = new Map<string, GlueTally>();
  #early = 0;
  #cases: readonly CaseReport[] = [];
  #control: ControlSummary = { kind: 'failed', runs: 0, durationMs: 0, detail: 'the unsplit exchange was not run', answers: [] };

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#strips = sendsOf(options.exchange).map(({ send }) => new CellStrip(send.length));
    this.#tallies = new Map(options.plans.map(({ plan }) => [plan, noVerdicts()]));
  }

  /** The number of trials with each verdict so far. */
  get totals(): Readonly<Record<VerdictKind, number>> {
    return sumOf([...this.#tallies.values()]);
  }

  /** Counts a trial that was answered before its whole request was sent. */
  addEarly(): void {
    this.#early += 1;
  }

  setControl(control: ControlSummary): void {
    this.#control = control;
  }

  /** Counts the verdict of a trial of the campaign. */
  add(trial: Trial, verdict: Verdict): void {
    const tally = this.#tallies.get(trial.plan) ?? noVerdicts();
    tally[verdict.kind]++;
    this.#tallies.set(trial.plan, tally);
    this.#mark(trial, verdict);
    this.#countGlue(trial, verdict);
  }

  /** Whether a case of this trial would be shown: only the first ones are, so only they are worth shrinking. */
  wantsCase({ index }: Trial): boolean {
    return this.#cases.length < MAX_CASES || index < this.#cases.at(-1)!.trial.index;
  }

  /** Adds a case. Its verdict is counted by `add`. */
  addCase(shown: Case): void {
    if (shown.shrunk !== undefined) this.#mark(shown.shrunk.trial, shown.shrunk.verdict);
    if (!this.wantsCase(shown.trial)) return;
    const inOrder = [...this.#cases, this.#caseReport(shown)].toSorted((left, right) => left.trial.index - right.trial.index);
    this.#cases = inOrder.slice(0, MAX_CASES);
  }

  /** The likely bug, as far as it is known now. */
  diagnose(): Diagnosis | undefined {
    const sends = sendsOf(this.#options.exchange).map(({ send, frames }, index) => ({
      bytes: send,
      ...optional('frames', frames),
      cells: this.#strips[index]!.toString(),
    }));
    return diagnose({ sends, glue: [...this.#glue.values()], pauses: pausesOf(this.#plans()) });
  }

  build(durationMs: number): ProbeReport {
    const { target, exchange, seed, pace, shard = { index: 0, of: 1 } } = this.#options;
    const { totals } = this;
    const diagnosis = this.diagnose();
    const about = {
      ...optional('name', exchange.name),
      ...optional('framing', exchange.framing === undefined ? undefined : framingOf(exchange.framing).name),
    };
    const sends = this.#sends();
    const plans = this.#plans();
    return {
      version: REPORT_VERSION,
      outcome: outcomeOf(this.#control, totals),
      target,
      exchange: about,
      seed,
      pace,
      shards: { indexes: [shard.index], of: shard.of },
      control: this.#control,
      sends,
      plans,
      glue: [...this.#glue.values()],
      totals,
      durationMs,
      ...optional('earlyAnswers', this.#early === 0 ? undefined : this.#early),
      notTried: notTriedOf({ target, exchange: about, sends, plans }),
      ...optional('diagnosis', diagnosis),
      cases: this.#cases,
      omittedCases: totals.fail + totals.flaky - this.#cases.length,
    };
  }

  #mark(trial: Trial, verdict: Verdict): void {
    const place = singleCut(this.#options.exchange, trial);
    if (place !== undefined) this.#strips[place.send]?.mark(place.cut, cellOf(verdict));
  }

  #countGlue(trial: Trial, verdict: Verdict): void {
    const glue = glueOf(trial);
    if (glue === undefined) return;
    const key = `${glue.kind} ${glue.first} ${glue.isRepeated}`;
    const { pass = 0, fail = 0 } = this.#glue.get(key) ?? {};
    const isFail = verdict.kind === 'fail' && verdict.failure !== 'other-order';
    const isRight = verdict.kind === 'pass' || verdict.kind === 'unconfirmed';
    this.#glue.set(key, { ...glue, pass: pass + (isRight ? 1 : 0), fail: fail + (isFail ? 1 : 0) });
  }

  #caseReport({ trial, verdict, observation, expectation, shrunk, like, isTogether }: Case): CaseReport {
    const { exchange, replay, concurrency = 1 } = this.#options;
    const smallest = shrunk?.trial ?? trial;
    const failure = shrunk?.verdict ?? (verdict.kind === 'fail' ? verdict : undefined);
    const answer = failure?.answer ?? 0;
    const together = [...(replay ?? []), '--plan', trial.plan, '--concurrency', String(concurrency)];
    const command =
      replay === undefined ? undefined : isTogether === true ? commandOf(together) : replayCommand(replay, exchange, smallest);
    return {
      trial: summaryOf(exchange, trial),
      kind: verdict.kind,
      ...optional('verdict', failure),
      detail: failure?.detail ?? verdict.detail,
      ...(shrunk === undefined ? {} : { shrunk: { trial: summaryOf(exchange, shrunk.trial), runs: shrunk.runs } }),
      ...optional('like', like),
      ...explain(exchange, smallest),
      expected: excerptOf(expectation.answers[answer] ?? new Uint8Array(0), failure?.at),
      received: excerptOf(observation.received[answer] ?? new Uint8Array(0), failure?.at),
      ...optional('replay', command),
    };
  }

  #sends(): readonly SendSummary[] {
    return sendsOf(this.#options.exchange).map(({ send, frames }, index) => ({
      bytes: send.length,
      hex: toHex(send.subarray(0, MAX_REQUEST_BYTES)),
      ...optional('frameCount', frames?.length),
      ...optional('frames', frames?.slice(0, MAX_FRAMES)),
      cells: this.#strips[index]!.toString(),
    }));
  }

  #plans(): readonly PlanTally[] {
    const planned = new Map(this.#options.plans.map((each) => [each.plan, each]));
    return [...this.#tallies].map(([plan, tally]) => {
      const { count = 0, untried } = planned.get(plan) ?? {};
      return { plan, planned: count, ...optional('untried', untried), ...tally };
    });
  }
}

function summaryOf(exchange: Exchange, trial: Trial): TrialSummary {
  const { id, index, plan, steps } = trial;
  const pieces = steps.reduce((count, step) => count + (step.kind === 'burst' ? step.pieces.length : 0), 0);
  // A cut has nine characters at most, so longer shapes can be left out without writing them.
  const shape = pieces <= MAX_SHAPE_CHARS ? shapeOf(exchange, trial) : undefined;
  return { id, index, plan, pieces, ...optional('shape', shape === undefined || shape.length > MAX_SHAPE_CHARS ? undefined : shape) };
}

/** The one cut of a trial that cuts once and does nothing else: no silence behind it either, no connection beside it. */
function singleCut(exchange: Exchange, trial: Trial): { readonly send: number; readonly cut: number } | undefined {
  const bursts = trial.steps.filter((step) => step.kind === 'burst');
  const cutting = bursts.filter(({ pieces }) => pieces.length > 1);
  const isPlain =
    bursts.every(({ sends, pauseMs, isInterleaved }) => sends.length === 1 && pauseMs === undefined && isInterleaved !== true) &&
    !endsEarly(exchange, trial);
  const [burst] = cutting;
  if (!isPlain || cutting.length !== 1 || burst?.pieces.length !== 2) return undefined;
  return { send: burst.sends[0]!, cut: cutsOf(burst)[0]! };
}
