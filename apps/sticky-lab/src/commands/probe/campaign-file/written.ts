import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '@socklab/service';

/** What one campaign of a file came to. */
export interface SummaryRow {
  readonly name: string;
  readonly isExpected: boolean;
  /** As it is printed: the word, the name, the outcome and a sentence. */
  readonly line: string;
}

const LONGEST_NAME_CHARS = 60;

/**
 * Writes the report of a campaign as one HTML page, called by its place in the file and its name.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when it cannot be written.
 */
export function writePage(folder: string, place: number, name: string, html: string): Promise<void> {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .slice(0, LONGEST_NAME_CHARS);
  return writing(folder, async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${place}-${slug}.html`), html);
  });
}

/** Adds a table to a file, as the summary of a job of GitHub Actions. @throws ServiceError `SERVICE_ERR_USAGE` when it cannot be written. */
export function addSummary(path: string, rows: readonly SummaryRow[]): Promise<void> {
  const lines = rows.map(
    ({ name, isExpected, line }) => `| ${isExpected ? 'ok' : '**not as expected**'} | ${cell(name)} | ${cell(line)} |`,
  );
  return writing(path, () => appendFile(path, `| | campaign | result |\n| --- | --- | --- |\n${lines.join('\n')}\n`));
}

/** What Markdown gives a meaning: cells, HTML, links, images, emphasis. */
const MARKS = /[&<>|\\`*_[\]!~@]/g;

/** Names come from a file, and detail may quote a server: neither ends a cell, or begins a picture, a link or HTML. */
function cell(text: string): string {
  return text.replaceAll(MARKS, (mark) => `&#${mark.charCodeAt(0)};`).replaceAll(/\s+/g, ' ');
}

async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new ServiceError('SERVICE_ERR_USAGE', `${path} cannot be written: ${String(error.code)}`, { cause: error });
  }
}
