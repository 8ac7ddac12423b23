import { createLoadMeter, formatLoadPulse } from '@socklab/client';
import type { LoadTally } from './tally.ts';

/** Progress of a load. */
export interface LoadProgress {
  readonly elapsedSeconds: number;
  readonly answeredDatagrams: number;
  /** Given up so far, without those in flight. */
  readonly lostDatagrams: number;
  /** Answered since the last report. */
  readonly datagramsPerSecond: number;
  /** 99th percentile of the round trips so far, in microseconds; 0 while there is none. */
  readonly p99Us: number;
}

/** Makes the function that reports the progress of the load that started at `startMs` to `onProgress`. */
export function createProgressTeller(onProgress: (progress: LoadProgress) => void, startMs: number, tally: LoadTally): () => void {
  const read = createLoadMeter(startMs, tally.roundTrip);
  return () => {
    const { answered, lost } = tally;
    const { elapsedSeconds, perSecond, p99Us } = read(answered);
    onProgress({ elapsedSeconds, answeredDatagrams: answered, lostDatagrams: lost, datagramsPerSecond: perSecond, p99Us });
  };
}

/** The progress of a load, in one line of less than 80 columns. */
export function formatProgress({ answeredDatagrams, lostDatagrams, datagramsPerSecond, ...pulse }: LoadProgress): string {
  return formatLoadPulse({ ...pulse, perSecond: datagramsPerSecond }, [answeredDatagrams, 'answered'], [lostDatagrams, 'lost']);
}
