import { isAnswering, probeAlive, runDatagramTrial } from '../trial/judge.ts';
import type { DatagramFailure, DatagramTrial, DatagramVerdict } from '../base/types.ts';
import type { DatagramReportBuilder } from '../report/builder.ts';
import type { DatagramRun, DoneTrial, JudgeSetting } from '../trial/judge.ts';
import type { DatagramJournal } from './journal.ts';
import type { DatagramTarget } from './target.ts';

/** What a campaign needs. */
export interface DatagramCampaign {
  readonly trials: readonly DatagramTrial[];
  readonly concurrency: number;
  /** Whether addresses are known to get what belongs to others. */
  readonly isMixed: boolean;
  /** Whether the target has to be revived first. */
  readonly isSilenced: boolean;
  readonly setting: JudgeSetting;
  readonly target: DatagramTarget;
  readonly builder: DatagramReportBuilder;
  /** What keeps verdicts, and has those of before; undefined when nothing does. */
  readonly journal: DatagramJournal | undefined;
  /** Once it returns true no more trials start. */
  readonly isOver: () => boolean;
  readonly onProgress: () => void;
  readonly signal: AbortSignal | undefined;
}

/** After so many failures of one plan the rest of it is left out: each may take a restart, and they have one cause. */
const ENOUGH_FAILURES = 5;

/**
 * Runs all trials, some at a time. Nobody is blamed for what happened beside others: what failed is done again alone, and when the
 * target died each trial that was under way then is, until one of them kills it.
 */
export async function runDatagramCampaign(campaign: DatagramCampaign): Promise<void> {
  await new Runner(campaign).run();
}

class Runner {
  readonly #campaign: DatagramCampaign;
  readonly #failures = new Map<string, number>();
  readonly #left = new Map<string, number>();
  #isMixed: boolean;
  #aloneOnly = 0;
  #isGone = false;

  constructor(campaign: DatagramCampaign) {
    this.#campaign = campaign;
    this.#isMixed = campaign.isMixed;
  }

  async run(): Promise<void> {
    const { concurrency, isOver, signal, journal } = this.#campaign;
    for (const done of journal?.before ?? []) this.#count(done);
    const trials = this.#campaign.trials.filter((trial) => journal?.has(trial) !== true);
    if (this.#campaign.isSilenced) await this.#revive();
    let next = 0;
    while (next < trials.length && !this.#isGone && !isOver()) {
      signal?.throwIfAborted();
      const together: DatagramTrial[] = [];
      while (next < trials.length && together.length < concurrency) {
        const trial = trials[next++]!;
        if (this.#hasEnough(trial)) this.#left.set(trial.plan, 1 + (this.#left.get(trial.plan) ?? 0));
        else together.push(trial);
      }
      await this.#runTogether(together);
      this.#campaign.onProgress();
    }
    this.#conclude();
  }

  #conclude(): void {
    const { builder } = this.#campaign;
    for (const [plan, count] of this.#left) builder.skip(`${count} more trials of ${plan}, after ${ENOUGH_FAILURES} failures`);
    if (this.#aloneOnly === 0) return;
    builder.notes.push(
      `${this.#aloneOnly} trials got no answer beside others and got it alone: datagrams are dropped under load, which is allowed`,
    );
  }

  #hasEnough({ plan }: DatagramTrial): boolean {
    return (this.#failures.get(plan) ?? 0) >= ENOUGH_FAILURES;
  }

  async #runTogether(trials: readonly DatagramTrial[]): Promise<void> {
    const runs = await Promise.all(trials.map((trial) => this.#runOne(trial)));
    if (await this.#isAliveAfter(runs)) {
      for (const run of runs) {
        if (this.#isGone) return;
        if (run.verdict.kind !== 'fail') this.#add(run);
        else await this.#confirm(run);
      }
    } else if (runs.length === 1) await this.#blameAgain(runs[0]!);
    else await this.#findKiller(runs);
  }

  #runOne(trial: DatagramTrial): Promise<DatagramRun> {
    return runDatagramTrial(trial, this.#campaign.setting, this.#campaign.signal);
  }

  /** Whether the target still answers. Where one trial ran alone, that was seen right after it. */
  async #isAliveAfter(runs: readonly DatagramRun[]): Promise<boolean> {
    const { setting, target, signal } = this.#campaign;
    const [only] = runs;
    if (target.ending !== undefined) return false;
    if (runs.length === 1 && only !== undefined) return isAnswering(only.state);
    return isAnswering(await probeAlive(setting, signal));
  }

  /** Does a trial that failed again, alone; one that got what belongs to others, beside them. */
  async #confirm(run: DatagramRun): Promise<void> {
    if (run.verdict.kind === 'fail' && run.verdict.failure === 'mixed-answer') return this.#confirmMixed(run);
    const alone = await this.#runOne(run.trial);
    if (!(await this.#isAliveAfter([alone]))) return this.#blameAgain(alone);
    if (alone.verdict.kind === 'fail') return this.#fail(alone, run);
    const isLost = run.verdict.kind === 'fail' && (run.verdict.failure === 'no-answer' || run.verdict.failure === 'hang');
    if (isLost) this.#aloneOnly += 1;
    if (isLost || this.#isMixed) this.#add(alone);
    else this.#add(run, { kind: 'flaky', detail: `${detailOf(run)}, and not when it was done again alone` });
  }

  /** What belongs to others comes only beside them, and not each time. */
  async #confirmMixed(run: DatagramRun): Promise<void> {
    for (let round = 0; round < MIXED_ROUNDS && !this.#isMixed; round++) this.#isMixed = await this.#isMixedBeside(run);
    if (this.#isMixed) this.#add(run);
    else this.#add(run, { kind: 'flaky', detail: `${detailOf(run)}, and not when it was done again beside others` });
  }

  async #isMixedBeside({ trial }: DatagramRun): Promise<boolean> {
    const { concurrency, setting, signal } = this.#campaign;
    const others = Array.from({ length: concurrency - 1 }, () => probeAlive(setting, signal, 1));
    const [again, ...states] = await Promise.all([this.#runOne(trial), ...others]);
    return states.includes('foreign') || (again.verdict.kind === 'fail' && again.verdict.failure === 'mixed-answer');
  }

  /** A failure that came again: unless the unharmed exchange, too, is answered otherwise by now. */
  async #fail(alone: DatagramRun, first: DatagramRun): Promise<void> {
    const { setting, signal } = this.#campaign;
    const isAboutAnswers =
      alone.verdict.kind === 'fail' && (alone.verdict.failure === 'wrong-answer' || alone.verdict.failure === 'answered-anew');
    if (isAboutAnswers && (await probeAlive(setting, signal)) === 'other') {
      this.#add(first, { kind: 'flaky', detail: `${detailOf(alone)}; but the unharmed exchange is answered otherwise by now, too` });
    } else this.#add(alone);
  }

  /** Adds a run whose verdict stands, or another verdict on it. */
  #add(run: DatagramRun, verdict: DatagramVerdict = run.verdict): void {
    const { trial, amplification, received, expected } = run;
    const done: DoneTrial = { trial, verdict, amplification, received, expected };
    this.#campaign.journal?.add(done);
    this.#count(done);
  }

  #count(done: DoneTrial): void {
    const { plan } = done.trial;
    if (done.verdict.kind === 'fail') this.#failures.set(plan, 1 + (this.#failures.get(plan) ?? 0));
    this.#campaign.builder.add(done);
  }

  /** The target died, or fell silent, after this trial alone. */
  async #blame(run: DatagramRun): Promise<void> {
    this.#add({ ...run, verdict: { kind: 'fail', ...this.#death(run) } });
    await this.#revive();
  }

  /** The same, once it was done again with a target that was restarted: it may have died of all that was before. */
  async #blameAgain(run: DatagramRun): Promise<void> {
    await this.#revive();
    if (this.#isGone) return this.#nameAll([run], this.#death(run));
    const again = await this.#runOne(run.trial);
    if (!(await this.#isAliveAfter([again]))) return this.#blame(again);
    this.#add(again, { kind: 'flaky', detail: `${this.#death(run).detail}, and not when it was done again` });
  }

  #death({ isRefused, state }: DatagramRun): { readonly failure: DatagramFailure; readonly detail: string } {
    const { ending } = this.#campaign.target;
    if (ending !== undefined) return { failure: 'target-died', detail: `the target ended: ${ending}` };
    if (isRefused || state === 'refused') return { failure: 'target-died', detail: 'nobody listens on the port any more' };
    return { failure: 'hang', detail: 'afterwards the unharmed exchange is not answered to anybody, from a new address either' };
  }

  async #revive(): Promise<void> {
    const { target, setting, signal } = this.#campaign;
    const isBack = await target.revive(async () => isAnswering(await probeAlive(setting, signal)), signal);
    if (isBack) return;
    this.#isGone = true;
    this.#campaign.builder.skip(
      'what comes after the trial that ended the target: it did not come back, and with --run it is started again',
    );
  }

  /** Several trials were under way when the target died. One whose address was answered afterwards did not kill it. */
  async #findKiller(runs: readonly DatagramRun[]): Promise<void> {
    const { setting } = this.#campaign;
    const failed = runs.filter(({ verdict }) => verdict.kind === 'fail');
    const suspects = setting.isReusable && failed.length > 0 ? failed : runs;
    for (const run of runs) if (!suspects.includes(run)) this.#add(run);
    const death = this.#death(suspects[0]!);
    await this.#revive();
    if (this.#isGone) return this.#nameAll(suspects, death);
    let killers = 0;
    for (const [index, suspect] of suspects.entries()) {
      if (this.#hasEnough(suspect.trial)) {
        this.#left.set(suspect.trial.plan, 1 + (this.#left.get(suspect.trial.plan) ?? 0));
        continue;
      }
      const alone = await this.#runOne(suspect.trial);
      if (!(await this.#isAliveAfter([alone]))) {
        killers += 1;
        await this.#blame(alone);
        if (this.#isGone) return;
      } else if (killers === 0 && index === suspects.length - 1)
        this.#add(alone, { kind: 'flaky', detail: unnamed(death.detail, suspects) });
      else if (alone.verdict.kind === 'fail') await this.#confirm(alone);
      else this.#add(alone);
    }
  }

  /** It did not come back: which of them it was cannot be told. */
  #nameAll(suspects: readonly DatagramRun[], death: { readonly failure: DatagramFailure; readonly detail: string }): void {
    const [first] = suspects as readonly [DatagramRun, ...DatagramRun[]];
    const names = suspects.slice(0, SHOWN_SUSPECTS).map(({ trial }) => trial.id);
    const more = suspects.length > SHOWN_SUSPECTS ? ` and ${suspects.length - SHOWN_SUSPECTS} more` : '';
    const which =
      suspects.length === 1
        ? ''
        : `, while these were under way: ${names.join(', ')}${more}; --run or --concurrency 1 tells which of them it was`;
    this.#add({ ...first, verdict: { kind: 'fail', failure: death.failure, detail: `${death.detail}${which}` } });
  }
}

const SHOWN_SUSPECTS = 8;
const MIXED_ROUNDS = 3;

function detailOf({ verdict }: DatagramRun): string {
  return 'detail' in verdict ? verdict.detail : '';
}

function unnamed(detail: string, suspects: readonly DatagramRun[]): string {
  return `${detail}, while ${suspects.length} trials were under way, and after none of them alone`;
}
