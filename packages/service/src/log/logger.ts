import { pino } from 'pino';
import { logLinesTo } from './output.ts';
import { prettyDestination } from './pretty.ts';
import type { Writable } from 'node:stream';

/** A pino logger: object first, short fixed text second. */
export type Logger = pino.Logger;

/** How lines are written: JSON for machines, pretty for people, auto = pretty when the destination is a terminal. */
export type LogFormat = 'json' | 'pretty' | 'auto';

/** The values of `--log-format`. */
export const logFormats: readonly LogFormat[] = ['auto', 'json', 'pretty'];

/** The values of `--log-level`, from the most lines to the fewest. */
export const logLevels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** Part of every line, so that several services can share a file. */
  readonly app: string;
  /** The lowest level that is written. @defaultValue `'info'` */
  readonly level?: string;
  /** @defaultValue `'auto'` */
  readonly format?: LogFormat;
  /** Standard output and standard error are written synchronously. @defaultValue standard output */
  readonly destination?: Writable;
}

/**
 * The log of a process: one line per event, with ISO time, level by name, `app`, the event's own values and `msg`.
 * A line is handed to the destination before the call returns, so an exit right after loses nothing. A reader of standard
 * output or standard error that does not read, or a full disk, never blocks the process: what does not fit into 1 MiB is
 * dropped, and `log lines lost` says how many lines once writing works again.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { app, level = 'info', format = 'auto', destination = process.stdout } = options;
  const isTerminal = writesToTerminal(destination);
  const sink = logLinesTo(destination, (lines, code) => log.warn({ lines, code }, 'log lines lost'));
  const isPretty = format === 'pretty' || (format === 'auto' && isTerminal);
  const log = pino(
    {
      level,
      base: { app },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    isPretty ? prettyDestination(sink, isTerminal) : sink,
  );
  return log;
}

function writesToTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}
