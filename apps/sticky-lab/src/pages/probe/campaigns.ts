import { probe } from '@socklab/probe';
import { KeptJobs } from '../../http/jobs/kept-jobs.ts';
import { Refusal } from '../../http/refusal.ts';
import { Journals } from './journals.ts';
import { MAX_ENDED, MAX_RUNNING } from './limits.ts';
import { VerdictBoard } from './verdict-board.ts';
import type { JobContext, JobSummary } from '../../http/jobs/job.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { PlannedCampaign } from './campaign-request.ts';
import type { ProbeEvent } from './contract.ts';
import type { ProbeReport } from '@socklab/probe';

/** One campaign: its request, and its current results. */
export interface Campaign {
  readonly planned: PlannedCampaign;
  /** Where its verdicts are kept; `undefined` once another campaign continues them. */
  journal: string | undefined;
  board: VerdictBoard;
  report: ProbeReport | undefined;
}

/** The campaigns that the page asked for, by the ids of their jobs. */
export class Campaigns {
  readonly #journals = new Journals();
  readonly #campaigns: KeptJobs<Campaign>;

  constructor(jobs: Jobs) {
    this.#campaigns = new KeptJobs({
      jobs,
      kind: 'probe',
      maxRunning: MAX_RUNNING,
      maxEnded: MAX_ENDED,
      tooMany: {
        en: `${MAX_RUNNING} campaigns run already, which is the limit: stop one, or wait`,
        zh: `已有 ${MAX_RUNNING} 次切分测试在进行，这是上限：请停止一次，或稍候`,
      },
      missing: (seen) => ({ en: `there is no campaign ${seen}, or it is no longer kept`, zh: `服务器上找不到切分测试 ${seen}` }),
      forgotten: async ({ journal }) => {
        if (journal !== undefined) await this.#journals.remove(journal);
      },
    });
  }

  /** @throws Refusal 429 when too many run, and what `Jobs.start` throws. */
  async start(planned: PlannedCampaign): Promise<JobSummary> {
    return this.#run(planned, undefined);
  }

  /**
   * Continues a finished campaign.
   *
   * @throws Refusal 404 when it is not kept, 409 when it runs or was already continued; and what {@link start} throws.
   */
  async resume(id: string): Promise<JobSummary> {
    const { job, kept: before } = this.#campaigns.get(id);
    if (!job.isOver) throw new Refusal(409, { en: 'the campaign runs: stop it first', zh: '测试正在进行：请先停止' });
    if (before.journal === undefined) {
      throw new Refusal(409, { en: 'another campaign went on with this one already', zh: '已有另一次测试接着它进行' });
    }
    return this.#run(before.planned, before);
  }

  /** @throws Refusal 404 */
  get(id: string): Campaign {
    return this.#campaigns.get(id).kept;
  }

  /** Removes the files. Call it when the jobs are over. */
  async close(): Promise<void> {
    await this.#campaigns.clear();
    await this.#journals.close();
  }

  async #run(planned: PlannedCampaign, before: Campaign | undefined): Promise<JobSummary> {
    const { job } = await this.#campaigns.start<ProbeEvent, ProbeReport>(() => {
      const nobody = new VerdictBoard({ sends: planned.sends, plans: planned.plans, emit: () => undefined });
      const journal = before?.journal ?? this.#journals.create();
      const kept: Campaign = { planned, journal, board: nobody, report: undefined };
      // At once: nobody else may go on with the same journal.
      if (before !== undefined) before.journal = undefined;
      const close = async (): Promise<void> => {
        if (before !== undefined) before.journal = journal;
      };
      return Promise.resolve({ kept, run: (context) => runCampaign(kept, journal, context), close });
    });
    return job.summary;
  }
}

async function runCampaign(campaign: Campaign, journal: string, context: JobContext<ProbeEvent>): Promise<ProbeReport> {
  const emit = (event: ProbeEvent): void => context.emit(event);
  const { settings, sends, plans, target } = campaign.planned;
  emit({ type: 'planned', target, bytes: sends.byteLength, frames: sends.frames, plans });
  const board = new VerdictBoard({ sends, plans, emit });
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
