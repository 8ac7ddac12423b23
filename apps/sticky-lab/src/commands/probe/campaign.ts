import { showProgress } from '@socklab/client';
import { EXIT_NOTHING_LEARNT } from './errors.ts';
import { interruptible } from './interrupt.ts';
import { journalOf, tellInterrupted } from './journal.ts';
import { checkReportFiles, giveReport } from './options/report-options.ts';
import { progressLine } from './progress-line.ts';
import type { ProcessContext } from '../process-context.ts';
import type { Interruptible } from './interrupt.ts';
import type { Journal } from './journal.ts';
import type { ReportFlags } from './options/report-options.ts';
import type { ProbeOptions, ProbeProgress, ProbeReport } from '@socklab/probe';

/** The inputs of a campaign besides its own options. */
export type CampaignControls = Pick<ProbeOptions, 'journal' | 'maxTimeMs' | 'maxShrinkRuns' | 'onProgress' | 'signal'>;

/** Starts a campaign, or continues that of the journal. */
export type StartCampaign = (controls: CampaignControls) => Promise<ProbeReport>;

/** An interrupted campaign is reported as it is: nothing more is tried, and failures are not shrunk. */
const REPORT_ONLY = { maxTimeMs: 1, maxShrinkRuns: 1 };

/**
 * Runs a campaign with a progress line, then returns its report. The first Ctrl-C ends it: finished trials are reported, and
 * standard error says how to continue. A second one ends the process.
 */
export async function runCampaign(
  start: StartCampaign,
  flags: ReportFlags & { readonly resume?: string },
  context: ProcessContext,
): Promise<void> {
  await checkReportFiles(flags);
  const journal = await journalOf(flags.resume);
  let isKept = false;
  try {
    const { outcome, last } = await runShown(start, journal.path, context);
    isKept = outcome.kind === 'interrupted' && last !== undefined && last.phase !== 'control';
    if (outcome.kind === 'done') await giveReport(outcome.result, flags, context);
    else if (last === undefined || !isKept) giveNothing(context);
    else await giveInterrupted(await start({ ...REPORT_ONLY, journal: journal.path }), { total: last.total, journal, flags, context });
  } finally {
    if (!isKept) await journal.discard();
  }
}

interface Shown {
  readonly outcome: Interruptible<ProbeReport>;
  /** How far the campaign got. */
  readonly last: ProbeProgress | undefined;
}

async function runShown(start: StartCampaign, journal: string, { streams }: ProcessContext): Promise<Shown> {
  let last: ProbeProgress | undefined;
  const onProgress = (progress: ProbeProgress): void => {
    last = progress;
  };
  const line = showProgress(streams.stderr, () => (last === undefined ? '' : progressLine(last)));
  try {
    const outcome = await interruptible((signal) => start({ journal, signal, onProgress }));
    return { outcome, last };
  } finally {
    line.end();
  }
}

function giveNothing({ streams, exitWith }: ProcessContext): void {
  streams.stderr.write('interrupted before any trial was done: there is nothing to report\n');
  exitWith(EXIT_NOTHING_LEARNT);
}

interface Interrupted {
  /** Trials of this shard. */
  readonly total: number;
  readonly journal: Journal;
  readonly flags: ReportFlags;
  readonly context: ProcessContext;
}

async function giveInterrupted(report: ProbeReport, { total, journal, flags, context }: Interrupted): Promise<void> {
  await giveReport(report, flags, context);
  const done = Object.values(report.totals).reduce((sum, count) => sum + count, 0);
  tellInterrupted(context, { done, total, journal });
}
