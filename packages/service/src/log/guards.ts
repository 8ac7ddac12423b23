import { ServiceError } from '../base/exit.ts';
import { codeOf, isReaderGone } from '../base/system-error.ts';
import { writeWaitingLines } from './bounded-lines.ts';

/** Handlers of the two events that concern the whole process. */
export interface ProcessGuard {
  /** An uncaught error. The process ends with exit code 1 right after. */
  crashed(error: unknown): void;
  /** The reader of standard output is gone: further output is lost. */
  outputClosed(): void;
}

/** How long a process that crashed waits for the reader of its log, in milliseconds; it waits twice. */
const CRASH_LIMIT_MS = 1000;

const guards: ProcessGuard[] = [];

/**
 * Makes `guard` handle uncaught exceptions, unhandled rejections and a closed standard output, instead of the
 * guard before it. So a service logs them in its own log and a client prints them on standard error, once.
 * @returns Restores the guard before.
 */
export function guardProcess(guard: ProcessGuard): () => void {
  if (guards.length === 0) watch();
  guards.push(guard);
  return () => {
    const index = guards.indexOf(guard);
    if (index === -1) return;
    guards.splice(index, 1);
    if (guards.length === 0) unwatch();
  };
}

/** Reports that a write to standard output failed because its reader is gone. */
export function reportOutputClosed(): void {
  const guard = guards.at(-1);
  if (guard === undefined) process.exit(0);
  guard.outputClosed();
}

function watch(): void {
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
  process.stdout.on('error', onOutputError);
}

function unwatch(): void {
  process.off('uncaughtException', onCrash);
  process.off('unhandledRejection', onCrash);
  process.stdout.off('error', onOutputError);
}

function onCrash(error: unknown): void {
  try {
    // Flush first: otherwise there is no room for the line that counts most.
    writeWaitingLines(CRASH_LIMIT_MS);
    guards.at(-1)?.crashed(error);
    writeWaitingLines(CRASH_LIMIT_MS);
  } finally {
    process.exit(1);
  }
}

function onOutputError(error: Error): void {
  if (isReaderGone(error)) reportOutputClosed();
  else onCrash(new ServiceError('SERVICE_ERR_OUTPUT', `standard output cannot be written: ${codeOf(error)}`, { cause: error }));
}
