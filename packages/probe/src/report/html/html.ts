import { clustersOf } from '../clusters.ts';
import { escapeMarkup } from '../escape.ts';
import { exchangeText, hasTrials, headlineOf, notTriedLine, shardsText, titleOf } from '../headline.ts';
import { excerptHtml, factsHtml, pageHtml, talliesHtml } from './page.ts';
import { legendHtml, stripHtml } from './strip.ts';
import type { Cluster } from '../clusters.ts';
import type { ProbeReport } from '../model.ts';

/** Most strips that are drawn. */
const MAX_STRIPS = 64;

/** A report as one self-contained page: a strip with a cell for each cut, and the cases with their bytes. */
export function htmlReport(report: ProbeReport): string {
  const hidden = report.sends.length - MAX_STRIPS;
  return pageHtml(`${titleOf(report)}: ${report.target}`, [
    headHtml(report),
    `<section><h2>Plans</h2>${talliesHtml(COLUMNS, report.plans.filter(hasTrials))}</section>`,
    `<section><h2>Cuts</h2>${legendHtml()}`,
    ...report.sends.slice(0, MAX_STRIPS).map(stripHtml),
    ...(hidden > 0 ? [`<p class="faint">${hidden} more sends are not drawn.</p>`] : []),
    '</section>',
    ...casesHtml(report),
  ]);
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
  const title = `<h1><strong class="${colour}">${titleOf(report)}</strong> ${escapeMarkup(headlineOf(report))}</h1>`;
  return `${title}\n${factsHtml(facts)}`;
}

const COLUMNS = ['planned', 'pass', 'fail', 'unconfirmed', 'flaky'] as const;

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
