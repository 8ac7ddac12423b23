import { readProc } from './proc.ts';

/** How many connections a process may have. */
export interface ConnectionLimit {
  readonly limit: number;
  /** Whether the limit is lower than asked for: the log should say so. */
  readonly clamped: boolean;
}

// Standard streams, listeners, the admin endpoint and its clients, the event loop, files that are read now and then.
const RESERVE = 64;

/**
 * The number of files and sockets this process may have open (the soft limit, `ulimit -n`).
 * @returns undefined where there is no limit, or the system does not tell: only Linux does.
 */
export function openFilesLimit(): number | undefined {
  return readOpenFilesLimit(readProc('/proc/self/limits') ?? '');
}

/** Reads the soft limit out of the text of `/proc/self/limits` (proc_pid_limits(5)). */
export function readOpenFilesLimit(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)\s/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/**
 * Keeps the number of connections below the limit of open files. Without a free descriptor Node.js accepts a
 * connection and closes it at once, without an event or an error: a refusal can only be seen and counted with a
 * lower limit of our own.
 *
 * @param wanted - `Infinity` means as many as possible: lowered to the limit without a warning.
 * @param reserve - Descriptors left for everything else. @defaultValue 64
 * @param openFiles - The limit of open files. @defaultValue that of this process
 * @returns At least 1 connection, however low the limit.
 */
export function clampConnections(
  wanted: number,
  reserve: number = RESERVE,
  openFiles: number | undefined = openFilesLimit(),
): ConnectionLimit {
  const highest = openFiles === undefined ? wanted : Math.max(1, openFiles - reserve);
  return { limit: Math.min(wanted, highest), clamped: Number.isFinite(wanted) && wanted > highest };
}
