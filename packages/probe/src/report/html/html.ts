import { fromHex } from '../../bytes/hex.ts';
import { clustersOf } from '../clusters.ts';
import { escapeMarkup } from '../escape.ts';
import { exchangeText, hasTrials, headlineOf, notTriedLine, shardsText, titleOf } from '../headline.ts';
import { legendHtml, stripHtml } from './strip.ts';
import { STYLE } from './style.ts';
import type { Cluster } from '../clusters.ts';
import type { Excerpt, PlanTally, ProbeReport } from '../model.ts';

/** Forbids everything but the inline style: a peer's answer must never run or load anything. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Most strips that are drawn. */
const MAX_STRIPS = 64;

/** A report as one self-contained page: a strip with a cell for each cut, and the cases with their bytes. */
export function htmlReport(report: ProbeReport): string {
  const title = escapeMarkup(`${titleOf(report)}: ${report.target}`);
  const hidden = report.sends.length - MAX_STRIPS;
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${escapeMarkup(POLICY)}">`,
    `<meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>`,
    '<body><main>',
    headHtml(report),
    `<section><h2>Plans</h2>${plansHtml(report.plans)}</section>`,
    `<section><h2>Cuts</h2>${legendHtml()}`,
    ...report.sends.slice(0, MAX_STRIPS).map(stripHtml),
    ...(hidden > 0 ? [`<p class="faint">${hidden} more sends are not drawn.</p>`] : []),
    '</section>',
    ...casesHtml(report),
    '</main></body></html>',
    '',
  ].join('\n');
}

function headHtml(report: ProbeReport): string {
  const { outcome, control, pace, seed, diagnosis, durationMs } = report;
  const colour = outcome === 'control-failed' ? 'flaky' : outcome;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Target', report.target],
    ['Not tried', notTriedLine(report)],
    ['Exchange', exchangeText(report)],
    ['Control', `${control.kind}, ${control.runs} runs, longest ${control.durationMs.toFixed(1)} ms`],
    ['Pace', `${pace}, seed ${seed}, ${(durationMs / 1000).toFixed(2)} s`],
    ['Shards', shardsText(report)],
    [
      'Likely bug',
      diagnosis === undefined ? undefined : `${diagnosis.bug} (${diagnosis.confidence}). ${diagnosis.sentence} ${diagnosis.evidence}.`,
    ],
  ];
  const rows = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`<tr><th scope="row">${name}</th><td>${escapeMarkup(value)}</td></tr>`],
  );
  const title = `<h1><strong class="${colour}">${titleOf(report)}</strong> ${escapeMarkup(headlineOf(report))}</h1>`;
  return `${title}\n<table><tbody>${rows.join('')}</tbody></table>`;
}

const COLUMNS = ['planned', 'pass', 'fail', 'unconfirmed', 'flaky'] as const;

function plansHtml(plans: readonly PlanTally[]): string {
  const heads = ['plan', ...COLUMNS].map((column) => `<th scope="col">${column}</th>`);
  const rows = plans.filter(hasTrials).map((tally) => {
    const numbers = COLUMNS.map((column) => `<td class="n">${tally[column]}</td>`);
    return `<tr><th scope="row">${escapeMarkup(tally.plan)}</th>${numbers.join('')}</tr>`;
  });
  return `<table><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function casesHtml({ cases, omittedCases }: ProbeReport): readonly string[] {
  if (cases.length === 0) return [];
  const hidden = omittedCases > 0 ? [`<p>${omittedCases} more are not shown.</p>`] : [];
  const clusters = clustersOf(cases);
  return ['<section><h2>Cases</h2>', ...clusters.map(caseHtml), ...hidden, '</section>'];
}

function caseHtml(
  { shown: { trial, kind, verdict, detail, shrunk, where, dump, expected, received, replay }, others }: Cluster,
  index: number,
): string {
  const title = `${trial.id}: ${verdict?.failure ?? kind}, ${detail}`;
  const smallest =
    shrunk === undefined
      ? ''
      : `<p>Shrunk to ${escapeMarkup(shrunk.trial.shape ?? `${shrunk.trial.pieces} pieces`)} in ${shrunk.runs} runs.</p>`;
  const places = where.map((place) => `<li>${escapeMarkup(place)}</li>`);
  return [
    `<details${index < 3 ? ' open' : ''}><summary>${escapeMarkup(title)}</summary>`,
    ...(others > 0 ? [`<p>${others} more like it.</p>`] : []),
    `${smallest}<ul>${places.join('')}</ul>`,
    ...(dump === '' ? [] : [`<p>Sent</p><pre>${escapeMarkup(dump)}</pre>`]),
    `<p>Expected</p>${excerptHtml(expected)}`,
    `<p>Received</p>${excerptHtml(received)}`,
    ...(replay === undefined ? [] : [`<p>Replay</p><pre>${escapeMarkup(replay)}</pre>`]),
    '</details>',
  ].join('\n');
}

const ROW_BYTES = 16;

function excerptHtml({ offset, totalBytes, hex }: Excerpt): string {
  if (totalBytes === 0) return '<p class="faint">nothing</p>';
  const bytes = fromHex(hex);
  const rows = Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, row) =>
    hexRow(bytes.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES), offset + row * ROW_BYTES),
  );
  const note = bytes.length < totalBytes ? `\n${bytes.length} of ${totalBytes} bytes` : '';
  return `<pre>${escapeMarkup(rows.join('\n') + note)}</pre>`;
}

function hexRow(bytes: Uint8Array, offset: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(ROW_BYTES * 3 - 1)}  |${text}|`;
}
