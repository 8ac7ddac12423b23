import type { Writable } from 'node:stream';

/** Where progress is shown: standard error, as a rule. */
export type ProgressStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** A progress line that is being shown. */
export interface Progress extends Disposable {
  /** Erases the line; nothing is shown any more. May be called again. */
  end(): void;
}

// Ten times a second is as much as a person reads.
const INTERVAL_MS = 100;
const DEFAULT_COLUMNS = 80;

/**
 * Shows one line that changes in place, at most ten times a second, when the stream is a terminal; elsewhere it shows
 * nothing. The line is cut at the width of the terminal, and erased at the end, so that the result stands where it was.
 * It keeps no process alive.
 *
 * @param text - Gives the line of now, without line breaks. Called once for each time it is shown.
 */
export function showProgress(stream: ProgressStream, text: () => string): Progress {
  if (stream.isTTY !== true) return silent;
  let shown = '';
  const show = (line: string) => {
    if (line === shown || stream.destroyed) return;
    // Spaces over what was longer: every terminal knows them.
    stream.write(`\r${line.padEnd(shown.length)}${line === '' ? '\r' : ''}`);
    shown = line;
  };
  // The last column stays free: a terminal may go to the next line when it is written.
  const draw = () => show(text().slice(0, (stream.columns || DEFAULT_COLUMNS) - 1));
  const timer = setInterval(draw, INTERVAL_MS).unref();
  const end = () => {
    clearInterval(timer);
    show('');
  };
  return { end, [Symbol.dispose]: end };
}

const silent: Progress = { end: () => undefined, [Symbol.dispose]: () => undefined };
