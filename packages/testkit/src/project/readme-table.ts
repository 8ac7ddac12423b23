import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from './repo-root.ts';

/**
 * The rows of the first table under a heading of a Markdown file, each by column name, without code quotes.
 * Throws when there is no such heading or no table: a test that compares it with the code cannot pass by accident.
 *
 * @param file - from the root of the repository: `apps/tcp-echo/README.md`
 */
export function readmeTable(file: string, heading: string): readonly Readonly<Record<string, string>>[] {
  const lines = readFileSync(join(repoRoot, file), 'utf8').split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start < 0) throw new Error(`${file} has no heading ${JSON.stringify(heading)}`);
  const nextHeading = lines.findIndex((line, index) => index > start && /^#+ /.test(line));
  const section = lines.slice(start + 1, nextHeading < 0 ? undefined : nextHeading);
  const rows = section.filter((line) => line.startsWith('|')).map(cells);
  const [columns, , ...body] = rows;
  if (columns === undefined || body.length === 0) throw new Error(`${file} has no table under ${JSON.stringify(heading)}`);
  return body.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ''])));
}

// A pipe inside a cell is written \|.
function cells(line: string): readonly string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) =>
      cell
        .trim()
        .replaceAll('\\|', '|')
        .replace(/^`([^`]*)`$/, '$1'),
    );
}
