import { fromHex } from '../bytes/hex.ts';
import { CELLS, hasFailure } from '../trial/cells.ts';
import { clustersOf } from './clusters.ts';
import { count, earlyText, exchangeText, hasTrials, headlineOf, notTriedLine, restartsText, shardsText, titleOf } from './headline.ts';
import type { Cluster } from './clusters.ts';
import type { Excerpt, PlanTally, ProbeReport, SendSummary } from './model.ts';

/** Most cases that are printed, one of each kind. */
const MAX_SHOWN_CASES = 5;

/** Cells in one row of a strip, and most rows that are shown. */
const ROW_CELLS = 64;
const MAX_ROWS = 64;

/** A report for a terminal. Nothing in it can control one: of a peer's bytes only printable ASCII is shown. */
export function textReport(report: ProbeReport): string {
  const { cases, omittedCases } = report;
  const clusters = clustersOf(cases);
  const shown = clusters.slice(0, MAX_SHOWN_CASES);
  const hidden = clusters.slice(MAX_SHOWN_CASES).reduce((sum, { others }) => sum + others + 1, omittedCases);
  const blocks = [
    head(report),
    table(report.plans),
    ...strips(report),
    [`${titleOf(report)}  ${headlineOf(report)}`, ...earlyLines(report), ...notTriedText(report)].join('\n'),
    ...diagnosisText(report),
    ...shown.map(clusterText),
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function earlyLines(report: ProbeReport): readonly string[] {
  const text = earlyText(report);
  return text === undefined ? [] : [`early: ${text}`];
}

function notTriedText(report: ProbeReport): readonly string[] {
  const text = notTriedLine(report);
  return text === undefined ? [] : [`not tried: ${plain(text)}`];
}

function head(report: ProbeReport): string {
  const { control } = report;
  const detail = control.detail === undefined ? '' : `: ${control.detail}`;
  const lines = [
    ['target', report.target],
    ['exchange', exchangeText(report)],
    ['control', `${control.kind}, ${control.runs} runs, longest ${control.durationMs.toFixed(1)} ms${detail}`],
    ['pace', `${report.pace}, seed ${report.seed}, ${(report.durationMs / 1000).toFixed(2)} s`],
    ['restarts', restartsText(report)],
    ['shards', shardsText(report)],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name!.padEnd(10)}${plain(value)}`])).join('\n');
}

const COLUMNS = ['planned', 'pass', 'fail', 'unconfirmed', 'flaky'] as const;

function table(plans: readonly PlanTally[]): string {
  const width = Math.max('plan'.length, ...plans.filter(hasTrials).map(({ plan }) => Math.min(plan.length, 40)));
  const title = ['plan'.padEnd(width), ...COLUMNS.map((column) => column.padStart(11))].join('  ');
  const rows = plans
    .filter(hasTrials)
    .map((tally) => [shortened(tally.plan, 40).padEnd(width), ...COLUMNS.map((column) => String(tally[column]).padStart(11))].join('  '));
  return [title, ...rows].join('\n');
}

function strips({ sends }: ProbeReport): readonly string[] {
  const failing = sends.map((send, index) => ({ send, index })).filter(({ send }) => /[^-.?]/.test(send.cells));
  if (failing.length === 0) return [];
  const legend = CELLS.filter(({ cell }) => failing.some(({ send }) => send.cells.includes(cell))).map(
    ({ cell, meaning }) => `${cell} ${meaning}`,
  );
  return [...failing.map(({ send, index }) => stripText(send, index, sends.length)), `cuts: ${legend.join('  ')}`];
}

function stripText({ cells }: SendSummary, index: number, sends: number): string {
  const starts = Array.from({ length: Math.ceil(cells.length / ROW_CELLS) }, (_, row) => row * ROW_CELLS);
  // With too many rows, those without a failure are left out.
  const worth = starts.length <= MAX_ROWS ? starts : starts.filter((start) => hasFailure(cells.slice(start, start + ROW_CELLS)));
  const rows = worth.slice(0, MAX_ROWS).map((start) => `${String(start + 1).padStart(8)}  ${cells.slice(start, start + ROW_CELLS)}`);
  const hidden = starts.length - rows.length;
  return [...(sends > 1 ? [`send ${index}`] : []), ...rows, ...(hidden > 0 ? [`          … ${hidden} more rows`] : [])].join('\n');
}

function diagnosisText({ diagnosis }: ProbeReport): readonly string[] {
  if (diagnosis === undefined) return [];
  const { bug, confidence, sentence, evidence } = diagnosis;
  return [`likely bug: ${bug} (${confidence})\n  ${sentence}\n  ${evidence}`];
}

function clusterText({
  shown: { trial, kind, verdict, detail, shrunk, where, dump, expected, received, replay },
  others,
}: Cluster): string {
  const title = `${plain(trial.id)}  ${verdict?.failure ?? kind}: ${plain(detail)}`;
  const size = shrunk === undefined ? [] : [`shrunk to ${shrunk.trial.shape ?? `${shrunk.trial.pieces} pieces`} in ${shrunk.runs} runs`];
  const lines = [
    ...(others > 0 ? [`${others} more like it`] : []),
    ...size,
    ...where.map(plain),
    '',
    ...dump.split('\n'),
    '',
    `expected  ${excerptText(expected)}`,
    `received  ${excerptText(received)}`,
  ];
  const command = replay === undefined ? [] : [`replay    ${plain(replay)}`];
  return [title, ...[...lines, ...command].map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

/** Bytes of an excerpt that fit in one line. */
const LINE_BYTES = 60;

/** An excerpt in one line: of its bytes only printable ASCII is shown. */
export function excerptText({ offset, totalBytes, hex }: Excerpt): string {
  if (totalBytes === 0) return 'nothing';
  const bytes = fromHex(hex).subarray(0, LINE_BYTES);
  const text = Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : byte === 0x0a
        ? '\\n'
        : byte === 0x0d
          ? '\\r'
          : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  const before = offset > 0 ? '…' : '';
  const after = offset + bytes.length < totalBytes ? '…' : '';
  return `${before}${text.join('')}${after} (${count(totalBytes, 'byte')}${offset > 0 ? `, from ${offset}` : ''})`;
}

/** Text without control characters, which would control the terminal. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�');
}

function shortened(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}
