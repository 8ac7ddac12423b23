import { closeSync, constants, openSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { boundedLines, linesTaken } from './bounded-lines.ts';
import { reportOutputClosed } from './guards.ts';
import type { BoundedLines, BoundedLinesOptions } from './bounded-lines.ts';
import type { Writable } from 'node:stream';

/** What lines are written to. */
export interface LineDestination {
  write(line: string): void;
}

/** How long the end of a program waits for the reader of its log, in milliseconds. */
const LOG_LIMIT_MS = 2000;

/**
 * The best destination of a log for `stream`. Standard output and standard error are written synchronously, unlike with
 * `process.stdout` itself: a line is with the system when `write` returns, so the last lines before an exit are not lost. But
 * no write blocks: see {@link boundedLines}. When the reader of standard output is gone, `reportOutputClosed` is called once.
 */
export function logLinesTo(stream: Writable, onLost: (lines: number, code: string) => void): LineDestination {
  if (stream === process.stdout) return boundedOutput({ onLost });
  if (stream === process.stderr) return boundedLines(unblocked(process.stderr.fd), { onReaderGone: () => undefined, onLost });
  return stream;
}

/**
 * Writes lines to standard output without blocking. When its reader is gone, `reportOutputClosed` is called once, in the next tick,
 * as a stream does it: the caller finishes first, and a console whose terminal closed still says goodbye.
 */
export function boundedOutput(options: Omit<BoundedLinesOptions, 'onReaderGone'>): BoundedLines {
  return boundedLines(unblocked(process.stdout.fd), { ...options, onReaderGone: () => process.nextTick(reportOutputClosed) });
}

/** A non-blocking descriptor of the same terminal, for when its user stops the output. Anything else does not block. */
function unblocked(fd: number): number {
  if (!isatty(fd)) return fd;
  try {
    const own = openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    process.once('exit', () => closeSync(own));
    return own;
  } catch {
    // A terminal of another user, or a system without /dev/fd.
    return fd;
  }
}

/**
 * Waits until what was written to standard output and standard error has left the process, or its reader is gone:
 * a pipe takes 64 KiB at once, and `process.exit` drops the rest.
 *
 * @param limitMs - The longest wait: a reader may exist and not read. @defaultValue no limit
 */
export async function flushOutput(limitMs?: number): Promise<void> {
  const flushed = Promise.all([flush(process.stdout), flush(process.stderr), linesTaken(limitMs ?? LOG_LIMIT_MS)]);
  if (limitMs === undefined) {
    await flushed;
    return;
  }
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(() => limit.resolve(), limitMs);
  await Promise.race([flushed, limit.promise]);
  clearTimeout(timer);
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  // A file fails within the call; the event that `guardProcess` handles follows after the microtasks of the turn.
  if (stream.errored !== null) return nextTurn();
  if (stream.writableLength === 0) return Promise.resolve();
  // Called with the error when the reader is gone; `guardProcess` sees the stream's error event.
  return new Promise((resolve) => stream.write('', () => resolve()));
}
