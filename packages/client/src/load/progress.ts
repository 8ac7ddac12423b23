import type { Writable } from 'node:stream';

/** Where progress is shown: standard error, as a rule. */
export type ProgressStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** A progress line that is being shown. */
export interface Progress extends Disposable {
  /** Erases the line; nothing more is shown. May be called again. */
  end(): void;
}

// Ten times a second is as fast as people read.
const INTERVAL_MS = 100;
const DEFAULT_COLUMNS = 80;

/**
 * Shows one line that changes in place, at most ten times a second, when the stream is a terminal; elsewhere it
 * shows nothing. The line is cut at the width of the terminal, and erased at the end, so that the result takes its
 * place. It does not keep the process alive.
 *
 * @param text - Returns the current line, without line breaks. Called once for each time it is shown.
 */
export function showProgress(stream: ProgressStream, text: () => string): Progress {
  if (stream.isTTY !== true) return silent;
  let shown = '';
  const show = (line: string) => {
    if (line === shown || stream.destroyed) return;
    // Spaces over a longer line: every terminal supports them.
    stream.write(`\r${line.padEnd(shown.length)}${line === '' ? '\r' : ''}`);
    shown = line;
  };
  // The last column stays free: writing it may move the cursor to the next line.
  const draw = () => show(text().slice(0, (stream.columns || DEFAULT_COLUMNS) - 1));
  const timer = setInterval(draw, INTERVAL_MS).unref();
  const end = () => {
    clearInterval(timer);
    show('');
  };
  return { end, [Symbol.dispose]: end };
}

const silent: Progress = { end: () => undefined, [Symbol.dispose]: () => undefined };
