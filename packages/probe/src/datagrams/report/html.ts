import { escapeMarkup } from '../../report/escape.ts';
import { titleOf } from '../../report/headline.ts';
import { excerptHtml, factsHtml, pageHtml, talliesHtml } from '../../report/html/page.ts';
import { clustersOf } from './clusters.ts';
import { amplificationText, COLUMNS, datagramHeadline, exchangeText, restartsText, trialsText } from './text.ts';
import type { Cluster } from './clusters.ts';
import type { DatagramReport } from './model.ts';

/** A report over UDP as one self-contained page: what was tried, what was sent, and the cases with their bytes. */
export function datagramHtml(report: DatagramReport): string {
  const { outcome, target, plans, sends, control } = report;
  const colour = outcome === 'control-failed' ? 'flaky' : outcome;
  const isDone = control.kind === 'ok';
  return pageHtml(`${titleOf(report)}: ${target} over UDP`, [
    `<h1><strong class="${colour}">${titleOf(report)}</strong> ${escapeMarkup(datagramHeadline(report))}</h1>`,
    factsHtml(factsOf(report)),
    ...(isDone
      ? [
          `<section><h2>Plans</h2>${talliesHtml(
            COLUMNS,
            plans.filter(({ planned }) => planned > 0),
          )}</section>`,
        ]
      : []),
    '<section><h2>Datagrams</h2>',
    ...sends.map((send, index) => `<p>Datagram ${index}</p>${excerptHtml(send)}`),
    '</section>',
    ...casesHtml(report),
  ]);
}

function factsOf(report: DatagramReport): readonly (readonly [string, string | undefined])[] {
  const { target, control, amplification, notes, notTried } = report;
  return [
    ['Target', `${target} over UDP`],
    ['Not tried', notTried.length === 0 ? undefined : notTried.join('; ')],
    ['Exchange', exchangeText(report)],
    ['Control', `${control.kind}, ${control.runs} runs, longest ${control.durationMs.toFixed(1)} ms`],
    ['Trials', trialsText(report)],
    ['Restarts', restartsText(report)],
    ['Amplification', amplification === undefined ? undefined : amplificationText(amplification)],
    ...notes.map((note) => ['Note', note] as const),
  ];
}

function casesHtml({ cases, omittedCases }: DatagramReport): readonly string[] {
  if (cases.length === 0) return [];
  const hidden = omittedCases > 0 ? [`<p>${omittedCases} more are not shown.</p>`] : [];
  return ['<section><h2>Cases</h2>', ...clustersOf(cases).map(caseHtml), ...hidden, '</section>'];
}

/** The first ones are open. */
const OPEN = 3;

function caseHtml(
  { shown: { trial, what, kind, failure, detail, meaning, expected, received, replay }, others }: Cluster,
  index: number,
): string {
  return [
    `<details${index < OPEN ? ' open' : ''}><summary>${escapeMarkup(`${trial}: ${failure ?? kind}, ${detail}`)}</summary>`,
    ...(others > 0 ? [`<p>${others} more like it.</p>`] : []),
    ...[what, meaning].flatMap((text) => (text === undefined ? [] : [`<p>${escapeMarkup(text)}</p>`])),
    `<p>Expected</p>${excerptHtml(expected)}`,
    `<p>Received</p>${excerptHtml(received)}`,
    ...(replay === undefined ? [] : [`<p>Replay</p><pre>${escapeMarkup(replay)}</pre>`]),
    '</details>',
  ].join('\n');
}
