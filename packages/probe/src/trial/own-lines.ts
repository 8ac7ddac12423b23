import { applyMasks, latin1, parseIgnored } from './masks.ts';
import type { Bytes } from '../types.ts';
import type { Mask } from './masks.ts';

/** Most expressions that are proposed, and longest line that is looked at, in characters. */
const MAX_EXPRESSIONS = 8;
const MAX_LINE_CHARS = 200;

/**
 * Expressions of the lines that only some runs have, as `--ignore` takes them: what a server says by itself. Undefined unless all runs are
 * the same without them.
 */
export function ownLines(answers: readonly Bytes[], masks: readonly Mask[]): readonly string[] | undefined {
  const texts = answers.map((answer) => latin1(applyMasks(answer, masks)));
  const runs = texts.map((text) => text.split(/(?<=\n)/));
  // Where all have as many lines, it is one of them that differs.
  if (runs.every(({ length }) => length === runs[0]!.length)) return undefined;
  const extra = new Set(runs.flatMap((lines) => lines.filter((line) => isExtra(line, runs))));
  const expressions = [...new Set([...extra].map(expressionOf))];
  if (expressions.length === 0 || expressions.length > MAX_EXPRESSIONS) return undefined;
  if ([...extra].some((line) => line.length > MAX_LINE_CHARS || !/^[\t -~]+\r?\n$/.test(line))) return undefined;
  const ignored = expressions.map(parseIgnored);
  const rest = answers.map((answer) => latin1(applyMasks(answer, [...masks, ...ignored])));
  // What is left must be an answer: with all of it ignored nothing would be compared.
  return rest.every((text) => text === rest[0] && text !== '') ? expressions : undefined;
}

/** Whether some run has the line less often than another. */
function isExtra(line: string, runs: readonly (readonly string[])[]): boolean {
  const counts = runs.map((lines) => lines.filter((each) => each === line).length);
  return Math.min(...counts) < Math.max(...counts);
}

/** The line with any number for its numbers. */
function expressionOf(line: string): string {
  const end = line.endsWith('\r\n') ? String.raw`\r\n` : String.raw`\n`;
  const said = line.trimEnd().replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  return `^${said.replaceAll(/\d+/g, String.raw`\d+`)}${end}`;
}
