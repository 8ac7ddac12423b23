import type { Verdict } from '../types.ts';

/** The meaning of a strip's cells, from best to worst. */
export const CELLS: readonly { readonly cell: string; readonly meaning: string }[] = [
  { cell: '-', meaning: 'not tried' },
  { cell: '.', meaning: 'pass' },
  { cell: '?', meaning: 'unconfirmed' },
  { cell: 'o', meaning: 'other-order' },
  { cell: '~', meaning: 'flaky' },
  { cell: 'e', meaning: 'error-reply' },
  { cell: 'x', meaning: 'extra-bytes' },
  { cell: 'm', meaning: 'missing-bytes' },
  { cell: 'w', meaning: 'wrong-bytes' },
  { cell: 'c', meaning: 'closed' },
  { cell: 'r', meaning: 'reset' },
  { cell: 'h', meaning: 'hang' },
  { cell: 'd', meaning: 'target-died' },
  { cell: 'n', meaning: 'not-refused' },
];

/** The cell of a position that was not tried. */
export const UNTRIED = '-';

const ORDER = CELLS.map(({ cell }) => cell).join('');

/** The cell of a verdict. */
export function cellOf(verdict: Verdict): string {
  const meaning = verdict.kind === 'fail' ? verdict.failure : verdict.kind;
  return CELLS.find((each) => each.meaning === meaning)!.cell;
}

/** The worse of two cells. */
export function worseCell(left: string, right: string): string {
  return ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right;
}

/** The worst of some cells. */
export function worstCell(cells: string): string {
  let worst = UNTRIED;
  for (const cell of cells) worst = worseCell(worst, cell);
  return worst;
}

/** Whether any of these cells is a failure. */
export function hasFailure(cells: string): boolean {
  return isFailure(worstCell(cells));
}

/** Whether a cell stands for a failure. */
export function isFailure(cell: string): boolean {
  return ORDER.indexOf(cell) > ORDER.indexOf('~');
}

/** Whether a position was tried and found right, confirmed or not. */
export function isRight(cell: string): boolean {
  return cell === '.' || cell === '?';
}

/** Whether a string is made of cells. */
export function areCells(text: string): boolean {
  return /^[-.?o~exmwcrhdn]*$/.test(text);
}
