import { exitCodeOf, probeDatagrams, ProbeError } from '@socklab/probe';
import { ServiceError } from '@socklab/service';
import { EXIT_NOTHING_LEARNT, reportingErrors } from '../errors.ts';
import { interruptible } from '../interrupt.ts';
import { flag } from '../options/flags.ts';
import { readInput } from '../options/read-input.ts';
import { formsOf } from '../options/report-forms.ts';
import { prepareProbe } from '../probe-command.ts';
import { prepareDatagrams } from '../probe-udp-command.ts';
import { createAnnotations } from './annotations.ts';
import { parseCampaignFile } from './entry.ts';
import { CAMPAIGN_FILE } from './init-command.ts';
import { campaignFileSchema } from './schema.ts';
import { addSummary, writePage } from './written.ts';
import type { ProcessContext } from '../../process-context.ts';
import type { ReportForms } from '../options/report-forms.ts';
import type { Annotations } from './annotations.ts';
import type { CampaignEntry } from './entry.ts';
import type { SummaryRow } from './written.ts';
import type { DatagramReport, ProbeReport } from '@socklab/probe';
import type { Command } from '@socklab/service';

const EXIT_FAILED = 1;
const MAX_FILE_BYTES = 1_048_576;

interface CampaignFlags {
  readonly annotate: boolean;
  readonly html?: string;
  readonly summary?: string;
  readonly schema: boolean;
}

/** Adds `campaign`: runs the campaigns of a file, one line each. */
export function addCampaignCommand(program: Command, context: ProcessContext): void {
  program
    .command('campaign')
    .description('run the campaigns of a file, one after the other; exit 1 when one fails, or passes that is expected to fail')
    .argument('[file]', 'JSON, as `sticky-lab init` writes it, or YAML where it ends in .yaml', CAMPAIGN_FILE)
    .addOption(flag('--annotate', 'also print unexpected results as annotations of GitHub Actions', { default: false }))
    .addOption(flag('--html <folder>', 'write the report of each campaign there, as one HTML page'))
    .addOption(flag('--summary <file>', 'add a table of the results to this file, in Markdown'))
    .addOption(flag('--schema', 'print the JSON Schema of the file, and run nothing', { default: false }))
    .action((file: string, flags: CampaignFlags) => reportingErrors(context, () => runFile(file, flags, context)));
}

async function runFile(file: string, { annotate, schema, html, summary }: CampaignFlags, context: ProcessContext): Promise<void> {
  const { stdout } = context.streams;
  if (schema) return void stdout.write(`${JSON.stringify(campaignFileSchema(), undefined, 2)}\n`);
  const entries = parseCampaignFile((await readInput('the campaign file', file, MAX_FILE_BYTES)).toString('utf8'), file);
  const annotations = createAnnotations(annotate);
  stdout.write(annotations.begin);
  try {
    await runEntries(entries, { annotations, html, summary, context });
  } finally {
    stdout.write(annotations.end);
  }
}

interface Told {
  readonly annotations: Annotations;
  readonly html: string | undefined;
  readonly summary: string | undefined;
  readonly context: ProcessContext;
}

async function runEntries(entries: readonly CampaignEntry[], { annotations, html, summary, context }: Told): Promise<void> {
  const { stdout } = context.streams;
  let unexpected = 0;
  let worst = 0;
  const rows: SummaryRow[] = [];
  for (const entry of entries) {
    const done = await interruptible((signal) => runEntry(entry, context, signal));
    if (done.kind === 'interrupted') return context.exitWith(EXIT_NOTHING_LEARNT);
    const { code, line, details, forms } = done.result;
    stdout.write(`${line}\n${details}`);
    rows.push({ name: entry.name, isExpected: code === 0, line });
    if (html !== undefined && forms !== undefined) await writePage(html, rows.length, entry.name, forms.html());
    if (code === 0) continue;
    unexpected += 1;
    stdout.write(annotations.error(entry.name, line));
    // A failure counts more than a campaign without a result.
    worst = worst === EXIT_FAILED || code === EXIT_FAILED ? EXIT_FAILED : Math.max(worst, code);
  }
  if (summary !== undefined) await addSummary(summary, rows);
  stdout.write(`\n${entries.length - unexpected} of ${entries.length} as expected\n`);
  context.exitWith(worst);
}

interface EntryResult {
  readonly code: number;
  readonly line: string;
  /** The whole report, for a campaign with an unexpected result. */
  readonly details: string;
  /** What it was made from; undefined where the campaign came to nothing. */
  readonly forms?: ReportForms;
}

async function runEntry(entry: CampaignEntry, context: ProcessContext, signal: AbortSignal): Promise<EntryResult> {
  const { name } = entry;
  try {
    const forms = formsOf(await probed(entry, context, signal));
    return { ...judged(entry, forms), forms };
  } catch (error) {
    // What one campaign names and is not there must not cost the results of the others.
    if (!(error instanceof ProbeError || error instanceof ServiceError)) throw error;
    return { code: EXIT_NOTHING_LEARNT, line: `ERROR  ${name}: ${error.message} (${error.code})`, details: '' };
  }
}

async function probed(entry: CampaignEntry, context: ProcessContext, signal: AbortSignal): Promise<ProbeReport | DatagramReport> {
  if (entry.transport === 'udp') return probeDatagrams({ ...(await prepareDatagrams(entry.flags, context)), signal });
  const start = await prepareProbe(entry.flags, context);
  return start({ signal });
}

function judged({ name, expected, reason }: CampaignEntry, forms: ReportForms): EntryResult {
  const { outcome, headline } = forms;
  const head = `${name}: ${outcome.toUpperCase()}  ${headline}`;
  if (expected === 'pass') return { code: exitCodeOf(outcome), ...(outcome === 'pass' ? fine(head) : odd('FAIL', head, forms)) };
  if (outcome === 'fail') return { code: 0, ...fine(`${head}; known: ${reason}`) };
  if (outcome === 'pass') return { code: 1, line: `FAIL   ${head}; it passes now, and is expected to fail: ${reason}`, details: '' };
  return { code: exitCodeOf(outcome), ...odd('FAIL', head, forms) };
}

function fine(head: string): Omit<EntryResult, 'code'> {
  return { line: `ok     ${head}`, details: '' };
}

function odd(word: string, head: string, forms: ReportForms): Omit<EntryResult, 'code'> {
  return { line: `${word}   ${head}`, details: `\n${forms.text()}\n` };
}
