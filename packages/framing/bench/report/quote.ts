import { markdownTable } from '@socklab/bench';

/** What is quoted from the results stands behind this line, up to {@link END}. */
const BEGIN = '<!-- quoted from RESULTS.md: begin -->';
const END = '<!-- quoted from RESULTS.md: end -->';

const HEAD = ['target', 'worst cell', 'ours', 'reference', 'ratio', 'allowed', 'cells met', 'met'];

/** Columns of that table that the misses show. */
const MISSED_COLUMNS = [0, 1, 2, 3, 4, 5, 6];

/** Targets of what most programs use, and the columns that tell how fast that is. */
const COMMON_TARGETS =
  /^(?:as it comes|cursor|encode)[ ,(]|^(?:ours-auto|line-ours-auto|encode-ours-each): ahead of all of npm(?: that join.*)?$/;
const COMMON_COLUMNS = [0, 1, 4, 5, 6];

/** The targets that a report misses, as a table. */
export function missedTargets(results: string): string {
  return table(
    targetRows(results).filter((cells) => cells.at(-1) !== 'yes'),
    MISSED_COLUMNS,
  );
}

/** The targets of a report that most programs care for, met or not, as a table. */
export function commonTargets(results: string): string {
  return table(
    targetRows(results).filter(([text = '']) => COMMON_TARGETS.test(text)),
    COMMON_COLUMNS,
  );
}

/** The document with `quoted` in the place of what it quoted before. */
export function withQuote(document: string, quoted: string): string {
  const [before, rest] = split(document, BEGIN);
  const [, after] = split(rest, END);
  return `${before}${BEGIN}\n\n${quoted}\n\n${END}${after}`;
}

function split(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  if (index < 0) throw new Error(`there is no line ${at}`);
  return [text.slice(0, index), text.slice(index + at.length)];
}

function targetRows(results: string): readonly (readonly string[])[] {
  const lines = results.split('\n').map(cellsOf);
  const start = lines.findIndex((cells) => cells.join() === HEAD.join());
  const rows = lines.slice(start + 2);
  return rows.slice(
    0,
    rows.findIndex((cells) => cells.length === 0),
  );
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function table(rows: readonly (readonly string[])[], columns: readonly number[]): string {
  const chosen = (cells: readonly string[]): readonly string[] => columns.map((column) => cells[column]!);
  return markdownTable(chosen(HEAD), rows.map(chosen));
}
