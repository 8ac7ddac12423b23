import { showProgress } from '@socklab/client';
import { probeDatagrams } from '@socklab/probe';
import { APP } from '../../version.ts';
import { reportingErrors } from './errors.ts';
import { stoppable } from './interrupt.ts';
import { journalOf, tellInterrupted } from './journal.ts';
import { readDatagrams } from './options/datagram-input.ts';
import { datagramOptions, datagramSettings, datagramWords, serverWords } from './options/datagram-options.ts';
import { checkReportFiles, giveReport } from './options/report-options.ts';
import type { ProcessContext } from '../process-context.ts';
import type { DatagramFlags } from './options/datagram-options.ts';
import type { DatagramProbeOptions, DatagramProgress, DatagramReport } from '@socklab/probe';
import type { Command } from '@socklab/service';

/** Adds `probe-udp`: what a server does when datagrams are lost, doubled, swapped, delayed, truncated or glued. */
export function addProbeUdpCommand(program: Command, context: ProcessContext): void {
  const command = program
    .command('probe-udp')
    .description('lose, double, swap, delay and truncate the datagrams to a UDP server, and compare its answers; exit 1 when one harms it');
  for (const each of datagramOptions()) command.addOption(each);
  command.action((flags: DatagramFlags) => reportingErrors(context, () => runProbeUdp(flags, context)));
}

async function runProbeUdp(flags: DatagramFlags, context: ProcessContext): Promise<void> {
  await checkReportFiles(flags);
  const options = await prepareDatagrams(flags, context);
  const journal = await journalOf(flags.resume);
  let isKept = false;
  try {
    const { report, isStopped } = await runShown({ ...options, journal: journal.path }, context);
    const done = Object.values(report.totals).reduce((sum, count) => sum + count, 0);
    const total = report.plans.reduce((sum, { planned }) => sum + planned, 0);
    isKept = isStopped && report.control.kind === 'ok' && done < total;
    await giveReport(report, flags, context);
    if (isKept) tellInterrupted(context, { done, total, journal });
  } finally {
    if (!isKept) await journal.discard();
  }
}

/**
 * Reads what the flags name, and makes of it what the engine takes.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE`, ProbeError for what cannot be.
 */
export async function prepareDatagrams(flags: DatagramFlags, { name = APP, streams }: ProcessContext): Promise<DatagramProbeOptions> {
  const { words, masks = [], allowed = [], ...exchange } = await readDatagrams(flags, streams.stdin);
  const settings = datagramSettings(flags);
  const replay = words === undefined ? {} : { replay: [name, 'probe-udp', ...serverWords(flags), ...words, ...datagramWords(flags)] };
  return {
    ...settings,
    ...exchange,
    masks: [...(settings.masks ?? []), ...masks],
    allowed: [...(settings.allowed ?? []), ...allowed],
    ...replay,
  };
}

interface Shown {
  readonly report: DatagramReport;
  /** Whether somebody ended it early. */
  readonly isStopped: boolean;
}

async function runShown(options: DatagramProbeOptions, { streams }: ProcessContext): Promise<Shown> {
  let last: DatagramProgress | undefined;
  const line = showProgress(streams.stderr, () => (last === undefined ? '' : progressText(last)));
  const onProgress = (progress: DatagramProgress): void => {
    last = progress;
  };
  try {
    return await stoppable(async (stop) => {
      const report = await probeDatagrams({ ...options, stop, onProgress });
      return { report, isStopped: stop.aborted };
    });
  } finally {
    line.end();
  }
}

function progressText({ phase, done, total, totals }: DatagramProgress): string {
  if (phase === 'control') return 'control: the exchange unharmed, three times';
  return `${done} of ${total} trials: ${done - totals.fail - totals.flaky} went well, ${totals.fail} fail, ${totals.flaky} flaky`;
}
