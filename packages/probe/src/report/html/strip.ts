import { CELLS, isFailure, worstCell } from '../../trial/cells.ts';
import { escapeMarkup } from '../escape.ts';
import type { SendSummary } from '../model.ts';

/** Most cells of one send; a longer one has several cuts in each. */
const MAX_CELLS = 16_384;

/** Most rows of the table beside a strip. */
const MAX_ROWS = 200;

/** Consecutive cuts with the same result. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly cell: string;
}

/** The class that colours a cell. */
function classOf(cell: string): string {
  if (isFailure(cell)) return 'fail';
  return meaningOf(cell) === 'not tried' ? 'untried' : meaningOf(cell);
}

function meaningOf(cell: string): string {
  return CELLS.find((each) => each.cell === cell)?.meaning ?? 'not tried';
}

/** The meaning of letters and colours. */
export function legendHtml(): string {
  const items = CELLS.map(
    ({ cell, meaning }) => `<li><i class="${classOf(cell)}" aria-hidden="true">${escapeMarkup(cell)}</i>${escapeMarkup(meaning)}</li>`,
  );
  return `<ul class="legend" aria-label="Legend">${items.join('')}<li class="faint">a bar stands where a frame begins</li></ul>`;
}

/** One cell for each cut, and the same as a table for screen readers. */
export function stripHtml(send: SendSummary, index: number): string {
  const { cells, bytes } = send;
  if (cells.length === 0) return `<p class="faint">Send ${index} has one byte, which cannot be cut.</p>`;
  const width = Math.ceil(cells.length / MAX_CELLS);
  const runs = runsOf(cells);
  const note = width === 1 ? '' : `<p class="faint">Each cell stands for ${width} cuts and shows the worst of them.</p>`;
  const title = `Send ${index}, ${bytes} bytes: cuts 1 to ${cells.length}`;
  return [
    `<h3>${title}</h3>${note}`,
    `<div class="strip" role="img" aria-label="${title}; the table below lists them">${cellsHtml(send, width)}</div>`,
    `<details><summary>As a table</summary>${tableHtml(runs)}</details>`,
  ].join('\n');
}

function cellsHtml({ cells, frames = [] }: SendSummary, width: number): string {
  const starts = new Set(frames.map(({ start }) => Math.floor((start - 1) / width)));
  const drawn: string[] = [];
  for (let from = 0; from < cells.length; from += width) {
    const cell = worstCell(cells.slice(from, from + width));
    const isStart = starts.has(from / width) ? ' s' : '';
    const place = width === 1 ? `cut ${from + 1}` : `cuts ${from + 1} to ${Math.min(from + width, cells.length)}`;
    drawn.push(`<i class="${classOf(cell)}${isStart}" title="${place}: ${meaningOf(cell)}">${escapeMarkup(cell)}</i>`);
  }
  return drawn.join('');
}

function tableHtml(runs: readonly Run[]): string {
  const rows = runs.slice(0, MAX_ROWS).map(({ from, to, cell }) => {
    const cuts = from === to ? `${from}` : `${from} to ${to}`;
    return `<tr><td>${cuts}</td><td>${meaningOf(cell)}</td></tr>`;
  });
  const hidden = runs.length > MAX_ROWS ? `<tr><td colspan="2">and ${runs.length - MAX_ROWS} more rows</td></tr>` : '';
  return `<table><thead><tr><th scope="col">cuts</th><th scope="col">verdict</th></tr></thead><tbody>${rows.join('')}${hidden}</tbody></table>`;
}

function runsOf(cells: string): readonly Run[] {
  const runs: Run[] = [];
  for (const match of cells.matchAll(/(.)\1*/g)) {
    runs.push({ from: match.index + 1, to: match.index + match[0].length, cell: match[1]! });
  }
  return runs;
}
