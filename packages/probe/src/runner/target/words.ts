import { ProbeError } from '../../errors.ts';

const MAX_CHARS = 100_000;
/** A word, or a part of one: in single quotes, in double quotes, or bare; a backslash quotes the next character. */
const PART = /'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<bare>(?:[^\s'"\\]|\\.)+)|(?<space>\s+)/gsy;

/**
 * Splits a command line into words as a shell does, with single quotes, double quotes and backslashes, and nothing more:
 * no variables, pipes or globs, so that only the named program runs.
 *
 * @throws ProbeError `PROBE_ERR_COMMAND` for an unclosed quote, an empty command, or more than 100,000 characters.
 */
export function splitWords(line: string): readonly string[] {
  if (line.length > MAX_CHARS) throw wrong(`a command line of ${line.length} characters, limit ${MAX_CHARS}`);
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  for (const { groups = {}, 0: text } of line.matchAll(PART)) {
    at += text.length;
    if (groups['space'] === undefined) word = `${word ?? ''}${unquoted(groups)}`;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (at < line.length) throw wrong(`the quote or backslash at character ${at + 1} of ${JSON.stringify(line)} is not closed`);
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw wrong('an empty command line, a program is needed');
  return words;
}

function unquoted(groups: Readonly<Record<string, string | undefined>>): string {
  const { single, double, bare = '' } = groups as { single?: string; double?: string; bare?: string };
  if (single !== undefined) return single;
  if (double !== undefined) return double.replaceAll(/\\(["\\$`])/g, '$1');
  return bare.replaceAll(/\\(.)/gs, '$1');
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_COMMAND', what);
}
