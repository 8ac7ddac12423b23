import { createLoadMeter, formatLoadPulse } from '@socklab/client';
import type { LoadTally } from './tally.ts';

/** How far a load is. */
export interface LoadProgress {
  readonly elapsedSeconds: number;
  readonly answeredDatagrams: number;
  /** Given up so far: what is in flight is not among them. */
  readonly lostDatagrams: number;
  /** Answered since the last time told. */
  readonly datagramsPerSecond: number;
  /** Round trip of 99 in 100 answers so far, in microseconds; 0 while there are none. */
  readonly p99Us: number;
}

/** Makes what tells `onProgress` how far the load is that started at `startMs`. */
export function createProgressTeller(onProgress: (progress: LoadProgress) => void, startMs: number, tally: LoadTally): () => void {
  const read = createLoadMeter(startMs, tally.roundTrip);
  return () => {
    const { answered, lost } = tally;
    const { elapsedSeconds, perSecond, p99Us } = read(answered);
    onProgress({ elapsedSeconds, answeredDatagrams: answered, lostDatagrams: lost, datagramsPerSecond: perSecond, p99Us });
  };
}

/** How far a load is, in one line of less than 80 columns. */
export function formatProgress({ answeredDatagrams, lostDatagrams, datagramsPerSecond, ...pulse }: LoadProgress): string {
  return formatLoadPulse({ ...pulse, perSecond: datagramsPerSecond }, [answeredDatagrams, 'answered'], [lostDatagrams, 'lost']);
}
