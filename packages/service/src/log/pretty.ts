import { prettyFactory } from 'pino-pretty';
import type { LineDestination } from './output.ts';

/**
 * Lines for people, one event a line, with colours on a terminal unless NO_COLOR is set (no-color.org). Formats
 * within the log call, not in a stream behind it, so that no line is still queued when the process exits.
 */
export function prettyDestination(sink: LineDestination, isTerminal: boolean): LineDestination {
  const colorize = isTerminal && (process.env['NO_COLOR'] ?? '') === '';
  const format = prettyFactory({
    colorize,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'app,hostname',
    // Several services may share a terminal.
    messageFormat: '{app}: {msg}',
  });
  return { write: (line) => sink.write(format(escapeControls(line))) };
}

// C1 controls and bidi overrides, which JSON leaves unescaped and terminals act on.
const LEFT_BY_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
// An escape in JSON text; the second group is one that would become a control character. \n and \t are layout.
const JSON_ESCAPE = /\\(?:(u00[01][\da-f]|[rbf])|.)/gi;

/**
 * Keeps control characters of a JSON line escaped in the formatted line: the text `\u001b` is shown, where
 * decoding it would let a peer's bytes move the reader's cursor.
 */
function escapeControls(line: string): string {
  return line
    .replaceAll(JSON_ESCAPE, (escape, control?: string) => (control === undefined ? escape : `\\${escape}`))
    .replaceAll(LEFT_BY_JSON, (character) => {
      return `\\\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
}
