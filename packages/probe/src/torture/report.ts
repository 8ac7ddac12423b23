import { toHex } from '../bytes/hex.ts';
import { commandOf, explain } from '../diagnosis/explain.ts';
import { optional } from '../optional.ts';
import { CellStrip } from '../report/cell-strip.ts';
import { excerptOf, excerptOfHex, MAX_CASES, MAX_REQUEST_BYTES, REPORT_VERSION } from '../report/model.ts';
import { outcomeOf } from '../report/outcome.ts';
import { noVerdicts, sumOf } from '../report/totals.ts';
import { cellOf } from '../trial/cells.ts';
import { TORTURE_PLANS } from './corpus/corpus.ts';
import { diagnoseTorture } from './diagnose.ts';
import { exchangeOfTest, trialOfTest } from './trials.ts';
import type { CaseReport, ControlSummary, PlanTally, ProbeReport, SendSummary, TrialSummary } from '../report/model.ts';
import type { Verdict, VerdictKind } from '../types.ts';
import type { TortureCorpus, TorturePlanName, TortureStream, TortureTest } from './corpus/corpus.ts';
import type { LookedAt, TortureOptions } from './options.ts';
import type { Judged } from './run/judge.ts';

/** Most streams whose single cuts are shown: the first ones, which are one frame each. */
const MAX_STRIPS = 3;

/** Collects verdicts and makes a report of the probe's format. */
export class TortureReport {
  readonly #corpus: TortureCorpus;
  readonly #options: TortureOptions;
  readonly #planned: ReadonlyMap<TorturePlanName, number>;
  readonly #tallies = new Map<TorturePlanName, Record<VerdictKind, number>>();
  readonly #faults = new Map<TorturePlanName, number>();
  readonly #strips: ReadonlyMap<TortureStream, CellStrip>;
  readonly #startedAt = performance.now();
  #cases: CaseReport[] = [];
  #done = 0;
  #control: ControlSummary = { kind: 'failed', runs: 0, durationMs: 0, detail: 'nothing was tried', answers: [] };

  constructor(corpus: TortureCorpus, tests: readonly TortureTest[], options: TortureOptions) {
    this.#corpus = corpus;
    this.#options = options;
    const plans = new Map<TorturePlanName, number>();
    for (const { plan } of tests) plans.set(plan, (plans.get(plan) ?? 0) + 1);
    this.#planned = plans;
    const cut = tests.filter(({ plan, stream: { frames } }) => plan === 'every-cut' && frames?.length === 1).map(({ stream }) => stream);
    const shown = [...new Set(cut)].slice(0, MAX_STRIPS);
    this.#strips = new Map((shown.length > 0 ? shown : [corpus.streams[0]!]).map((stream) => [stream, new CellStrip(stream.wire.length)]));
  }

  /** Whether one frame in one chunk is decoded: otherwise cuts would show nothing. */
  async control(test: TortureTest, play: () => Promise<Judged>): Promise<boolean> {
    const startedAt = performance.now();
    const { verdict } = await play();
    const durationMs = performance.now() - startedAt;
    const answers = test.stream.payloads.map(({ bytes }) => excerptOf(bytes));
    const isOk = verdict.kind === 'pass';
    const detail = verdict.kind === 'fail' ? `one frame in one chunk (${test.stream.about}) is not read: ${verdict.detail}` : undefined;
    this.#control = { kind: isOk ? 'ok' : 'failed', runs: 1, durationMs, ...optional('detail', detail), answers };
    return isOk;
  }

  failuresOf(plan: TorturePlanName): number {
    return this.#tallies.get(plan)?.fail ?? 0;
  }

  /** In how many tests of that kind the program hung or died. */
  faultsOf(plan: TorturePlanName): number {
    return this.#faults.get(plan) ?? 0;
  }

  add(test: TortureTest, judged: Judged, lookedAt: LookedAt | undefined): void {
    const { verdict } = judged;
    const known: Verdict = lookedAt?.isFlaky === true && verdict.kind === 'fail' ? { kind: 'flaky', detail: verdict.detail } : verdict;
    const tally = this.#tallies.get(test.plan) ?? noVerdicts();
    tally[known.kind]++;
    this.#tallies.set(test.plan, tally);
    if (verdict.kind === 'fail' && isCostly(judged)) this.#faults.set(test.plan, this.faultsOf(test.plan) + 1);
    if (test.plan === 'every-cut') this.#strips.get(test.stream)?.mark(test.cuts[0]!, cellOf(known));
    const index = this.#done++;
    if (known.kind !== 'pass' && this.#cases.length < MAX_CASES) this.#cases.push(this.#caseOf(test, index, judged, known, lookedAt));
  }

  build(): ProbeReport {
    const { run } = this.#options;
    const plans = this.#plans();
    const totals = sumOf(plans);
    const outcome = outcomeOf(this.#control, totals);
    const sends = this.#sends();
    const diagnosis = diagnoseTorture(sends, plans);
    return {
      version: REPORT_VERSION,
      // What was not tried withholds the pass.
      outcome: outcome === 'pass' && plans.some((plan) => plan.pass < plan.planned) ? 'unconfirmed' : outcome,
      target: run.join(' '),
      exchange: { name: 'torture', framing: this.#corpus.framing },
      seed: 0,
      pace: 'chunk by chunk',
      shards: { indexes: [0], of: 1 },
      control: this.#control,
      sends,
      plans,
      glue: [],
      totals,
      durationMs: performance.now() - this.#startedAt,
      notTried: this.#notTried(plans),
      ...optional('diagnosis', diagnosis),
      cases: this.#cases,
      omittedCases: totals.fail + totals.flaky - this.#cases.length,
    };
  }

  #plans(): readonly PlanTally[] {
    return TORTURE_PLANS.filter(({ name }) => this.#planned.has(name)).map(({ name }) => ({
      plan: name,
      planned: this.#planned.get(name)!,
      ...(this.#tallies.get(name) ?? noVerdicts()),
    }));
  }

  #sends(): readonly SendSummary[] {
    return [...this.#strips].map(([{ wire, frames = [] }, strip]) => ({
      bytes: wire.length,
      hex: toHex(wire.subarray(0, MAX_REQUEST_BYTES)),
      frameCount: frames.length,
      frames,
      cells: strip.toString(),
    }));
  }

  #notTried(plans: readonly PlanTally[]): readonly string[] {
    const possible = new Set(this.#corpus.groups.map(({ plan }) => plan));
    const left = TORTURE_PLANS.filter(({ name }) => possible.has(name) && !this.#planned.has(name)).map(({ name }) => name);
    const stopped = plans.flatMap(({ plan, planned, pass, fail, flaky }) => {
      const rest = planned - pass - fail - flaky;
      return rest === 0 ? [] : [`${rest} of ${planned} tests of ${plan}`];
    });
    return [...stopped, ...(left.length === 0 ? [] : [left.join(', ')])];
  }

  #caseOf(test: TortureTest, index: number, judged: Judged, verdict: Verdict, lookedAt: LookedAt | undefined): CaseReport {
    const smallest = lookedAt?.shrunk;
    const shown = smallest?.judged ?? judged;
    const failure = shown.verdict.kind === 'fail' ? shown.verdict : undefined;
    const { where, dump } = explain(exchangeOfTest(test), trialOfTest(smallest?.test ?? test));
    return {
      trial: summaryOf(test, index),
      kind: verdict.kind === 'flaky' ? 'flaky' : 'fail',
      ...(verdict.kind === 'fail' && optional('verdict', failure)),
      detail: verdict.kind === 'flaky' ? verdict.detail : (failure?.detail ?? ''),
      ...(smallest !== undefined && { shrunk: { trial: summaryOf(smallest.test, -1), runs: smallest.runs } }),
      where: [test.stream.about, ...where],
      dump,
      expected: excerptOfHex(shown.expected, failure?.at),
      received: excerptOfHex(shown.received, failure?.at),
      ...optional('replay', this.#replayOf(test)),
    };
  }

  #replayOf({ id }: TortureTest): string | undefined {
    const { replay, run } = this.#options;
    return replay === undefined ? undefined : commandOf([...replay, '--only', id, '--', ...run]);
  }
}

function summaryOf({ id, plan, cuts }: TortureTest, index: number): TrialSummary {
  const shape = cuts.length === 0 ? 'whole' : cuts.join(',');
  return { id, index, plan, pieces: cuts.length + 1, ...(shape.length <= 4096 && { shape }) };
}

/** A failure that costs time: the program must be restarted, or was waited for. */
function isCostly({ verdict }: Judged): boolean {
  return verdict.kind === 'fail' && (verdict.failure === 'hang' || verdict.failure === 'target-died');
}
