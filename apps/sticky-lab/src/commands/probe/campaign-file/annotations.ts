import { randomBytes } from 'node:crypto';

/** What is printed for GitHub Actions, around and among the lines for people. */
export interface Annotations {
  /** Before everything else. */
  readonly begin: string;
  /** An error, called by the name of its campaign. */
  error(name: string, line: string): string;
  /** After everything else. */
  readonly end: string;
}

const TOKEN_BYTES = 16;

/**
 * The runner takes `::error::` at the start of any line for a command, and `##[error]` anywhere in it. Reports quote what servers answer, so its
 * commands are stopped with a word that no server can know, except for our own.
 */
export function createAnnotations(isWanted: boolean): Annotations {
  if (!isWanted) return { begin: '', error: () => '', end: '' };
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  const stop = `::stop-commands::${token}\n`;
  const resume = `::${token}::\n`;
  return {
    begin: stop,
    error: (name, line) => `${resume}::error title=${property(name)}::${message(line)}\n${stop}`,
    end: resume,
  };
}

/** Escapes for workflow commands of GitHub: of a message, and of a property. */
function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
