import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readmeTable } from './readme-table.ts';
import { repoRoot } from './repo-root.ts';

/** A row of a table, or some of its columns, by column name. */
export type TableRow = Readonly<Record<string, string>>;

/**
 * What to change in the first table under a heading of a Markdown file, so that it has these rows in this order; nothing when it has.
 * For a test: `expect(tableFaults(README, 'Options', rows)).toEqual([])` says in its message what to write where.
 *
 * @param file - from the root of the repository: `apps/tcp-echo/README.md`
 * @param wanted - the rows, each with the columns that are compared
 */
export function tableFaults(file: string, heading: string, wanted: readonly TableRow[]): readonly string[] {
  const columns = Object.keys(wanted[0] ?? {});
  const shown = readmeTable(file, heading).map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? ''])));
  const [written, due] = [shown.map(rowText), wanted.map(rowText)];
  const table = `the table ${JSON.stringify(heading)} of ${file}${twinOf(file)}`;
  const missing = due.flatMap((row, at) => (written.includes(row) ? [] : `write into ${table}, ${placeOf(due, at)}: ${row}`));
  const strange = written.filter((row) => !due.includes(row)).map((row) => `take out of ${table}: ${row}`);
  if (missing.length + strange.length > 0 || written.join() === due.join()) return [...missing, ...strange];
  return [`put the rows of ${table} in this order, each once: ${due.join(' ')}`];
}

function rowText(row: TableRow): string {
  return `| ${Object.entries(row)
    .map(([column, value]) => `${column}: ${value}`)
    .join(' | ')} |`;
}

function placeOf(due: readonly string[], at: number): string {
  return at === 0 ? 'first' : `behind ${due[at - 1]}`;
}

function twinOf(file: string): string {
  return existsSync(join(repoRoot, file.replace(/\.md$/, '.zh-CN.md'))) ? ' and of its Chinese twin' : '';
}
