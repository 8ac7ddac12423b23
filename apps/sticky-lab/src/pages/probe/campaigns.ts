import { probe } from '@socklab/probe';
import { Refusal } from '../../http/refusal.ts';
import { Journals } from './journals.ts';
import { MAX_KEPT, MAX_RUNNING } from './limits.ts';
import { VerdictBoard } from './verdict-board.ts';
import type { JobContext, JobSummary } from '../../http/jobs/job.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { PlannedCampaign } from './campaign-request.ts';
import type { ProbeEvent } from './contract.ts';
import type { ProbeReport } from '@socklab/probe';

/** One campaign: what was asked for, and what is known of it by now. */
export interface Campaign {
  readonly planned: PlannedCampaign;
  /** Where its verdicts are kept; `undefined` once another campaign goes on with them. */
  journal: string | undefined;
  board: VerdictBoard;
  report: ProbeReport | undefined;
}

/** The campaigns that the page asked for, by the ids of their jobs. */
export class Campaigns {
  readonly #jobs: Jobs;
  readonly #journals = new Journals();
  readonly #campaigns = new Map<string, Campaign>();

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  /** @throws Refusal 429 when too many run, and what `Jobs.start` throws. */
  async start(planned: PlannedCampaign): Promise<JobSummary> {
    return this.#run(planned, undefined);
  }

  /**
   * Goes on with a campaign that is over.
   *
   * @throws Refusal 404 when it is not kept, 409 when it runs or another one went on with it; and what {@link start} throws.
   */
  async resume(id: string): Promise<JobSummary> {
    const before = this.get(id);
    const isOver = this.#jobs.get(id)?.isOver ?? true;
    if (!isOver) throw new Refusal(409, { en: 'the campaign runs: stop it first', zh: '探测正在进行：请先停止' });
    if (before.journal === undefined) {
      throw new Refusal(409, { en: 'another campaign went on with this one already', zh: '已有另一次探测接着它进行' });
    }
    return this.#run(before.planned, before);
  }

  /** @throws Refusal 404 */
  get(id: string): Campaign {
    const campaign = this.#campaigns.get(id);
    if (campaign !== undefined) return campaign;
    const seen = JSON.stringify(id.slice(0, 60));
    throw new Refusal(404, { en: `there is no campaign ${seen}, or not any more`, zh: `没有探测 ${seen}，或已不再保留` });
  }

  /** Removes what is kept. Call it when the jobs are over. */
  async close(): Promise<void> {
    this.#campaigns.clear();
    await this.#journals.close();
  }

  async #run(planned: PlannedCampaign, before: Campaign | undefined): Promise<JobSummary> {
    const running = [...this.#campaigns.keys()].filter((id) => this.#jobs.get(id)?.isOver === false).length;
    if (running >= MAX_RUNNING) {
      throw new Refusal(429, {
        en: `${MAX_RUNNING} campaigns run already, which is the limit: stop one, or wait`,
        zh: `已有 ${MAX_RUNNING} 次探测在进行，这是上限：请停止一次，或稍候`,
      });
    }
    const bytes = planned.request.length;
    const nobody = new VerdictBoard({ bytes, plans: planned.plans, emit: () => undefined });
    const journal = before?.journal ?? this.#journals.create();
    const campaign: Campaign = { planned, journal, board: nobody, report: undefined };
    const { summary } = this.#jobs.start<ProbeEvent, ProbeReport>({
      kind: 'probe',
      isAlone: false,
      work: (context) => runCampaign(campaign, journal, context),
    });
    if (before !== undefined) before.journal = undefined;
    this.#campaigns.set(summary.id, campaign);
    await this.#forgetOldest();
    return summary;
  }

  async #forgetOldest(): Promise<void> {
    const over = [...this.#campaigns].filter(([id]) => this.#jobs.get(id)?.isOver ?? true);
    const surplus = Math.max(0, this.#campaigns.size - MAX_KEPT);
    const forgotten = over.filter(([id], index) => index < surplus || this.#jobs.get(id) === undefined);
    for (const [id, { journal }] of forgotten) {
      this.#campaigns.delete(id);
      if (journal !== undefined) await this.#journals.remove(journal);
    }
  }
}

async function runCampaign(campaign: Campaign, journal: string, context: JobContext<ProbeEvent>): Promise<ProbeReport> {
  const emit = (event: ProbeEvent): void => context.emit(event);
  const { settings, exchange, request, plans, target } = campaign.planned;
  const frames = exchange.steps.flatMap((step) => ('send' in step ? (step.frames ?? []) : []));
  emit({ type: 'planned', target, bytes: request.length, frames, plans });
  const board = new VerdictBoard({ bytes: request.length, plans, emit });
  campaign.board = board;
  try {
    campaign.report = await probe({
      ...settings,
      journal,
      signal: context.signal,
      onVerdict: (trial, verdict) => board.add(trial, verdict),
      onProgress: (progress) => board.progress(progress),
    });
    return campaign.report;
  } finally {
    board.end();
  }
}
