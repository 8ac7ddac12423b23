/** The result of one measurement. For a fan-out, datagrams are copies. */
export interface Sample {
  readonly serverNanosecondsPerDatagram: number;
  readonly datagramsPerSecond: number;
  /** Round trip; `null` for a fan-out. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  /** In the whole run, including the warm-up. */
  readonly lost: number;
  readonly serverResidentBytes: number;
}

/** Options of both kinds of measurement. */
export interface Job {
  readonly port: number;
  readonly pid: number;
  readonly sizeBytes: number;
  readonly warmupMs: number;
  readonly durationMs: number;
}

/** The server's counters at one moment. */
export interface Mark {
  readonly datagrams: number;
  readonly cpu: number;
  readonly seconds: number;
}

/** Finds the part of a run that counts: after the warm-up, for the requested time. */
export interface Window {
  /** Takes a mark, in order of time; true once no more are needed. */
  mark(mark: Mark): boolean;
  /** The difference between the first mark that counts and the last one. */
  measured(): Pick<Sample, 'serverNanosecondsPerDatagram' | 'datagramsPerSecond'>;
}

/** After this many datagrams the compiler is done, however little processor time a busy machine gave it. */
const WARM_DATAGRAMS = 30_000;

/** The end of a run in which that takes too long, in milliseconds. */
export const LONGEST_MS = 20_000;

/** Makes the {@link Window} of one run. */
export function createWindow({ warmupMs, durationMs }: Pick<Job, 'warmupMs' | 'durationMs'>): Window {
  let first: Mark | undefined;
  let last: Mark | undefined;
  return {
    mark(mark) {
      const isWarm = mark.seconds * 1000 >= warmupMs && mark.datagrams >= WARM_DATAGRAMS;
      if (isWarm || mark.seconds * 1000 >= LONGEST_MS / 2) first ??= mark;
      last = mark;
      return first !== undefined && (mark.seconds - first.seconds) * 1000 >= durationMs;
    },
    measured() {
      if (first === undefined || last === undefined || last.datagrams === first.datagrams) {
        throw new Error('the run was too short to be measured');
      }
      const datagrams = last.datagrams - first.datagrams;
      return {
        serverNanosecondsPerDatagram: (last.cpu - first.cpu) / datagrams,
        datagramsPerSecond: datagrams / (last.seconds - first.seconds),
      };
    },
  };
}
