import { isForeign } from '../exchange/slots.ts';
import { optional } from '../optional.ts';
import { shardOf } from '../plans/base/sequence.ts';
import { MAX_CASES } from '../report/model.ts';
import { isInterleaved } from '../trial/interleaved.ts';
import { findSmallest } from './case-search.ts';
import { createCauses } from './causes.ts';
import { fairOrder } from './fair-order.ts';
import { hashExchange, masksText, notDone, openJournal } from './journal/journal.ts';
import { runPool } from './pool.ts';
import { sharedBetween, SPOILT } from './shared-cause.ts';
import { createSuspects } from './suspects.ts';
import { isNoConnection } from './target/patient-connector.ts';
import type { Campaign, Shard, TrialSequence } from '../plans/base/sequence.ts';
import type { ReportBuilder } from '../report/builder.ts';
import type { ProbeReport } from '../report/model.ts';
import type { Mask } from '../trial/masks.ts';
import type { Exchange, Fail, Trial, Verdict } from '../types.ts';
import type { Journal } from './journal/journal-file.ts';
import type { Judge } from './judge.ts';
import type { Progress } from './progress.ts';
import type { SharedCause } from './shared-cause.ts';
import type { Suspects } from './suspects.ts';
import type { Judged } from './target/judged.ts';

/** The inputs of a campaign, after a control that passed. */
export interface CampaignRun {
  readonly exchange: Exchange;
  readonly campaign: Campaign;
  readonly builder: ReportBuilder;
  readonly progress: Progress;
  readonly judge: Judge;
  /** Whether the unsplit exchange still passes; called after failures. */
  readonly isStillRight: () => Promise<boolean>;
  /** Whether an unfinished request on one connection changes what another gets; asked where failures need company. */
  readonly areBytesShared?: () => Promise<boolean>;
  readonly concurrency: number;
  readonly seed: number;
  readonly shard: Shard;
  readonly masks: readonly Mask[];
  /** Target, plans and pace as written. */
  readonly target: string;
  readonly plans: string;
  readonly pace: string;
  readonly maxShrinkRuns: number;
  readonly maxTrialsPerSecond?: number | undefined;
  readonly maxTimeMs?: number | undefined;
  readonly journal?: string | undefined;
  /** Called with each verdict, those of the journal first. */
  readonly onVerdict?: ((trial: Trial, verdict: Verdict) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the trials of a campaign and explains the failures.
 *
 * @throws ProbeError `PROBE_ERR_CONNECT` when the target is gone and nothing had failed before; `PROBE_ERR_JOURNAL`; the
 * signal's reason once it aborts.
 */
export function runCampaign(run: CampaignRun): Promise<ProbeReport> {
  return new Run(run).finish();
}

function without({ diagnosis: _diagnosis, ...report }: ProbeReport): ProbeReport {
  return report;
}

class Run {
  readonly #run: CampaignRun;
  readonly #trials: TrialSequence;
  readonly #suspects: Suspects = createSuspects();
  /** Trials that failed once and not again, at most {@link MAX_CASES}: of the others the verdict stands. */
  readonly #undecided: Judged[] = [];
  #done = 0;
  /** Failures other than a changed order of the same frames. */
  #wrong = 0;
  /** Whether connections whose pieces alternate were answered wrongly. */
  #isMixed = false;
  #isTargetGone = false;
  #goneError: Error | undefined;

  constructor(run: CampaignRun) {
    this.#run = run;
    this.#trials = shardOf(run.campaign, run.shard, run.seed);
  }

  async finish(): Promise<ProbeReport> {
    const { builder, progress } = this.#run;
    const journal = this.#openJournal();
    try {
      await this.#runTrials(journal);
    } finally {
      journal?.close();
    }
    if (this.#goneError !== undefined && builder.totals.fail === 0) throw this.#goneError;
    const cause = await this.#explain();
    const report = builder.build(progress.elapsedMs());
    const isWhole = this.#done === this.#trials.count;
    const isOrderOnly = this.#wrong === 0 && builder.totals.fail > 0;
    if (cause === 'company' || isOrderOnly) return { ...without(report), outcome: 'flaky' };
    return {
      ...report,
      ...(cause === undefined ? {} : { diagnosis: sharedBetween(cause) }),
      outcome: report.outcome === 'pass' && !isWhole ? 'unconfirmed' : report.outcome,
    };
  }

  #openJournal(): Journal<Verdict> | undefined {
    const { journal: path, exchange, campaign, shard, masks } = this.#run;
    if (path === undefined) return undefined;
    const identity = {
      exchange: hashExchange(exchange),
      plans: this.#run.plans,
      seed: String(this.#run.seed),
      shard: `${shard.index}/${shard.of}`,
      target: this.#run.target,
      pace: this.#run.pace,
      masks: masksText(masks),
    };
    return openJournal({
      path,
      identity,
      count: campaign.count,
      onVerdict: (index, verdict) => {
        const trial = campaign.at(index);
        this.#done += 1;
        this.#count(trial, verdict);
        if (verdict.kind === 'fail') this.#suspects.add({ trial, verdict });
      },
    });
  }

  async #runTrials(journal: Journal<Verdict> | undefined): Promise<void> {
    const { maxTimeMs = Number.POSITIVE_INFINITY, maxTrialsPerSecond: maxPerSecond, concurrency, signal, progress } = this.#run;
    const doneBefore = this.#done;
    this.#report('trials', 0);
    const work = async (trial: Trial): Promise<void> => {
      if (!(await this.#runOne(trial, journal))) return;
      this.#done += 1;
      this.#report('trials', this.#done - doneBefore);
    };
    const isOver = (): boolean => this.#isTargetGone || progress.elapsedMs() >= maxTimeMs;
    const trials = this.#run.maxTimeMs === undefined ? this.#trials : fairOrder(this.#trials, this.#run.campaign);
    await runPool(notDone(trials, journal), work, { concurrency, maxPerSecond, isOver, signal });
    for (const judged of this.#undecided) {
      this.#keep(isOver() ? judged : await this.#run.judge.reconsider(judged, signal), journal);
      this.#done += 1;
      this.#report('trials', this.#done - doneBefore);
    }
  }

  #report(phase: 'trials' | 'shrink', fresh: number): void {
    this.#run.progress.report({ phase, done: this.#done, fresh, total: this.#trials.count, totals: this.#run.builder.totals });
  }

  /** False when there was no connection for it, or it is not decided yet. */
  async #runOne(trial: Trial, journal: Journal<Verdict> | undefined): Promise<boolean> {
    const { judge, signal } = this.#run;
    let judged: Judged | undefined;
    try {
      judged = await judge.judge(trial, signal);
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      this.#isTargetGone = true;
      this.#goneError ??= error;
      return false;
    }
    if (judged === undefined) return false;
    if (judged.verdict.kind === 'flaky' && this.#undecided.length < MAX_CASES) {
      this.#undecided.push(judged);
      return false;
    }
    this.#keep(judged, journal);
    return true;
  }

  #keep(judged: Judged, journal: Journal<Verdict> | undefined): void {
    const { builder } = this.#run;
    const { verdict, trial } = judged;
    this.#isTargetGone ||= judged.isTargetGone === true;
    journal?.add(trial.index, verdict);
    if (judged.observation.early === true && verdict.kind !== 'fail') builder.addEarly();
    this.#count(trial, verdict);
    if (verdict.kind === 'fail') this.#suspects.add({ trial, verdict, judged: { ...judged, verdict } });
    if (verdict.kind === 'flaky') builder.addCase({ ...judged, verdict });
  }

  #count(trial: Trial, verdict: Verdict): void {
    this.#run.builder.add(trial, verdict);
    if (verdict.kind === 'fail' && verdict.failure !== 'other-order') this.#wrong += 1;
    if (verdict.kind === 'fail' && isInterleaved(trial)) this.#isMixed = true;
    this.#run.onVerdict?.(trial, verdict);
  }

  /** Adds the failures, shrunk if possible. Returns their common cause, when it is not a cut. */
  async #explain(): Promise<SharedCause | undefined> {
    const { exchange, judge, concurrency, maxShrinkRuns: maxRuns, builder, signal } = this.#run;
    const suspects = this.#suspects.list();
    if (suspects.length === 0) return undefined;
    const isSpoilt = !this.#isTargetGone && !(await this.#isStillRight());
    this.#report('shrink', 0);
    const causes = createCauses(exchange);
    const isForeignSeen = suspects.some(({ judged }) => judged?.observation.received.some(isForeign));
    let alone = 0;
    let together = 0;
    for (const { trial, verdict, judged, isWorthShrinking } of suspects) {
      signal?.throwIfAborted();
      const found = judged ?? (await this.#again(trial, verdict));
      if (found === undefined) continue;
      const { detail, failure } = found.verdict;
      const like = causes.of(trial, failure);
      if (isSpoilt) builder.addCase({ ...found, verdict: { ...found.verdict, detail: `${detail}; ${SPOILT}` } });
      else if (!isWorthShrinking || like !== undefined || this.#isTargetGone) builder.addCase({ ...found, ...optional('like', like) });
      else {
        // One after the other: concurrent trials must not change the smallest failure.
        const smallest = await findSmallest(found, { exchange, judge, concurrency, maxRuns, signal });
        builder.addCase(smallest);
        if (smallest.isTogether === true) together += 1;
        else if (!isInterleaved(trial)) alone += 1;
        if (smallest.shrunk !== undefined) causes.add(trial, smallest.shrunk.trial, failure);
      }
      this.#report('shrink', 0);
    }
    if (isSpoilt) return 'left-behind';
    if (isForeignSeen && alone === 0) return 'numbers';
    if (this.#isMixed && alone === 0) return 'bytes';
    return together > 0 && alone === 0 ? await this.#causeOfCompany() : undefined;
  }

  async #causeOfCompany(): Promise<SharedCause> {
    try {
      return (await this.#run.areBytesShared?.()) === true ? 'bytes' : 'company';
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      return 'bytes';
    }
  }

  async #isStillRight(): Promise<boolean> {
    try {
      return await this.#run.isStillRight();
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      this.#isTargetGone = true;
      return true;
    }
  }

  /** A failure from a journal, without its observation. */
  async #again(trial: Trial, verdict: Fail): Promise<(Judged & { readonly verdict: Fail }) | undefined> {
    try {
      const judged = await this.#run.judge.runOnce(trial, this.#run.signal);
      return { ...judged, verdict: judged.verdict.kind === 'fail' ? judged.verdict : verdict };
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      return undefined;
    }
  }
}
