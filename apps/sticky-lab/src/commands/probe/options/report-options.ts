import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exitCodeOf } from '@socklab/probe';
import { codeOf, ServiceError } from '@socklab/service';
import { flag } from './flags.ts';
import { formsOf } from './report-forms.ts';
import type { ProcessContext } from '../../process-context.ts';
import type { DatagramReport, ProbeReport } from '@socklab/probe';
import type { Option } from '@socklab/service';

/** Where reports go. */
export interface ReportFlags {
  readonly json: boolean;
  readonly junit?: string;
  readonly html?: string;
}

/** The options of {@link ReportFlags}. */
export function reportOptions(): readonly Option[] {
  return [flag('--json', 'print the report as JSON, for programs and for `sticky-lab merge`', { default: false }), ...reportFileOptions()];
}

/** Those of them that name files. */
export function reportFileOptions(): readonly Option[] {
  return [
    flag('--junit <file>', 'write the report as JUnit XML too, for CI systems'),
    flag('--html <file>', 'write the report as one HTML page too, which needs no network'),
  ];
}

/**
 * Checks before the work begins that the reports can be written after it.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` naming the option.
 */
export async function checkReportFiles({ junit, html }: Pick<ReportFlags, 'junit' | 'html'>): Promise<void> {
  const files = Object.entries({ junit, html }).flatMap(([name, file]) => (file === undefined ? [] : [{ name, file }]));
  for (const { name, file } of files) {
    try {
      await access(dirname(file), constants.W_OK);
    } catch (error) {
      throw new ServiceError('SERVICE_ERR_USAGE', `--${name} ${file}: ${dirname(file)} is not a writable folder`, {
        cause: error,
      });
    }
  }
}

/**
 * Prints and writes a report, and sets the exit code for its outcome.
 *
 * @throws ServiceError `SERVICE_ERR_OUTPUT` for a file that cannot be written. The report is printed before.
 */
export async function giveReport(
  report: ProbeReport | DatagramReport,
  { json, junit, html }: ReportFlags,
  context: ProcessContext,
): Promise<void> {
  const forms = formsOf(report);
  context.streams.stdout.write(json ? forms.json() : forms.text());
  if (html !== undefined) await save('--html', html, forms.html());
  if (junit !== undefined) await save('--junit', junit, forms.junit());
  context.exitWith(exitCodeOf(forms.outcome));
}

async function save(option: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new ServiceError('SERVICE_ERR_OUTPUT', `${option} ${file} cannot be written: ${codeOf(error)}`, { cause: error });
  }
}
