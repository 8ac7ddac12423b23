import { Campaigns } from './campaigns.ts';
import { Practice } from './practice/practice.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';

/** Options of the probe's page. */
export interface ProbePage {
  readonly campaigns: Campaigns;
  readonly practice: Practice;
  /** Ends the practice servers and removes the journals. Call it when the jobs are over. */
  close(): Promise<void>;
}

/** Makes a {@link ProbePage}. */
export function createProbePage(jobs: Jobs): ProbePage {
  const campaigns = new Campaigns(jobs);
  const practice = new Practice();
  return {
    campaigns,
    practice,
    close: async () => {
      await Promise.all([campaigns.close(), practice.close()]);
    },
  };
}
