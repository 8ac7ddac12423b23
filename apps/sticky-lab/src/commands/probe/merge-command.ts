import { mergeReports, readReport } from '@socklab/probe';
import { reportingErrors } from './errors.ts';
import { MAX_INPUT_BYTES } from './options/exchange-input.ts';
import { readInput } from './options/read-input.ts';
import { checkReportFiles, giveReport, reportOptions } from './options/report-options.ts';
import type { ProcessContext } from '../process-context.ts';
import type { ReportFlags } from './options/report-options.ts';
import type { ProbeReport } from '@socklab/probe';
import type { Command } from '@socklab/service';

/** Adds `merge`: joins the reports of the shards of a campaign. */
export function addMergeCommand(program: Command, context: ProcessContext): void {
  const command = program
    .command('merge')
    .description('join the JSON reports of the shards of one campaign; with missing shards the result does not pass')
    .argument('<reports...>', 'files made with --json, one for each shard');
  for (const each of reportOptions()) command.addOption(each);
  command.action((files: readonly string[], flags: ReportFlags) => reportingErrors(context, () => merge(files, flags, context)));
}

async function merge(files: readonly string[], flags: ReportFlags, context: ProcessContext): Promise<void> {
  await checkReportFiles(flags);
  const reports: ProbeReport[] = [];
  for (const file of files) reports.push(readReport((await readInput('report', file, MAX_INPUT_BYTES)).toString('utf8')));
  await giveReport(mergeReports(reports), flags, context);
}
