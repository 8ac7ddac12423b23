import { formatCount, formatMicroseconds, threeDigits } from '@socklab/client';
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
  let toldMs = startMs;
  let toldDatagrams = 0;
  return () => {
    const now = performance.now();
    const { answered, lost, roundTrip } = tally;
    const datagramsPerSecond = ((answered - toldDatagrams) * 1000) / (now - toldMs);
    toldMs = now;
    toldDatagrams = answered;
    const p99Us = roundTrip.count === 0 ? 0 : roundTrip.percentile(99) / 1000;
    onProgress({ elapsedSeconds: (now - startMs) / 1000, answeredDatagrams: answered, lostDatagrams: lost, datagramsPerSecond, p99Us });
  };
}

/** How far a load is, in one line of less than 80 columns. */
export function formatProgress({ elapsedSeconds, answeredDatagrams, lostDatagrams, datagramsPerSecond, p99Us }: LoadProgress): string {
  const lost = lostDatagrams === 0 ? '' : ` · ${formatCount(lostDatagrams)} lost`;
  const pace = `${threeDigits(datagramsPerSecond)}/s · p99 ${formatMicroseconds(p99Us)}`;
  return `${elapsedSeconds.toFixed(1)} s · ${formatCount(answeredDatagrams)} answered · ${pace}${lost}`;
}
