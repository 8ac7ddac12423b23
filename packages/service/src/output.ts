import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { isReaderGone, reportOutputClosed } from './guards.ts';
import { hasCode } from './system-error.ts';

/** What a logger writes lines to. */
export interface LineDestination {
  write(line: string): void;
}

const RETRY_AFTER_MS = 1;

/**
 * Where lines for `stream` are best written. Standard output and standard error are written synchronously, unlike by
 * `process.stdout` itself: a line is with the system when `write` returns, so the last lines before an exit are not lost.
 * When nobody reads standard output any more the process is told, once; lines nobody reads are dropped.
 */
export function linesTo(stream: Writable): LineDestination {
  if (stream === process.stdout) return synchronous(process.stdout.fd, reportOutputClosed);
  if (stream === process.stderr) return synchronous(process.stderr.fd, () => undefined);
  return stream;
}

function synchronous(fd: number, onReaderGone: () => void): LineDestination {
  let isClosed = false;
  return {
    write(line) {
      if (isClosed) return;
      try {
        writeWhole(fd, Buffer.from(line));
      } catch (error) {
        if (!isReaderGone(error)) throw error;
        isClosed = true;
        onReaderGone();
      }
    },
  };
}

/**
 * Waits until what was written to standard output and standard error has left the process, or its reader is gone:
 * a pipe takes 64 KiB at once, and `process.exit` drops the rest.
 *
 * @param limitMs - The longest wait: a reader may be there and take nothing. @defaultValue no limit
 */
export async function flushOutput(limitMs?: number): Promise<void> {
  const flushed = Promise.all([flush(process.stdout), flush(process.stderr)]);
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
  if (stream.writableLength === 0) return Promise.resolve();
  // Called with the error when the reader is gone; `guardProcess` sees the stream's error event.
  return new Promise((resolve) => stream.write('', () => resolve()));
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      // The pipe is full and set to non-blocking, as Node.js does once process.stdout is used: wait for the reader.
      if (!hasCode(error, 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER_MS);
    }
  }
}
