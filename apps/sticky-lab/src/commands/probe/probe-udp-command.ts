import { showProgress } from '@socklab/client';
import { probeDatagrams } from '@socklab/probe';
import { APP } from '../../version.ts';
import { reportingErrors } from './errors.ts';
import { stoppable } from './interrupt.ts';
import { readDatagrams } from './options/datagram-input.ts';
import { datagramOptions, datagramSettings, datagramWords, serverWords } from './options/datagram-options.ts';
import { checkReportFiles, giveReport } from './options/report-options.ts';
import type { ProcessContext } from '../process-context.ts';
import type { DatagramFlags } from './options/datagram-options.ts';
import type { DatagramProgress } from '@socklab/probe';
import type { Command } from '@socklab/service';

/** Adds `probe-udp`: what a server does when datagrams are lost, doubled, swapped, delayed, truncated or glued. */
export function addProbeUdpCommand(program: Command, context: ProcessContext): void {
  const command = program
    .command('probe-udp')
    .description('lose, double, swap, delay and truncate the datagrams to a UDP server, and compare its answers; exit 1 when one harms it');
  for (const each of datagramOptions()) command.addOption(each);
  command.action((flags: DatagramFlags) => reportingErrors(context, APP, () => runProbeUdp(flags, context)));
}

async function runProbeUdp(flags: DatagramFlags, context: ProcessContext): Promise<void> {
  await checkReportFiles(flags);
  const { words, masks = [], allowed = [], ...exchange } = await readDatagrams(flags, context.streams.stdin);
  const settings = datagramSettings(flags);
  const replay = words === undefined ? {} : { replay: [APP, 'probe-udp', ...serverWords(flags), ...words, ...datagramWords(flags)] };
  let last: DatagramProgress | undefined;
  const line = showProgress(context.streams.stderr, () => (last === undefined ? '' : progressText(last)));
  try {
    const report = await stoppable((stop) =>
      probeDatagrams({
        ...settings,
        ...exchange,
        masks: [...(settings.masks ?? []), ...masks],
        allowed: [...(settings.allowed ?? []), ...allowed],
        ...replay,
        stop,
        onProgress: (progress) => {
          last = progress;
        },
      }),
    );
    line.end();
    await giveReport(report, flags, context);
  } finally {
    line.end();
  }
}

function progressText({ phase, done, total, totals }: DatagramProgress): string {
  if (phase === 'control') return 'control: the exchange unharmed, three times';
  return `${done} of ${total} trials: ${done - totals.fail - totals.flaky} went well, ${totals.fail} fail, ${totals.flaky} flaky`;
}
