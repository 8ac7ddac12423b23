import { formatMicroseconds } from './percentiles.ts';
import { formatCount, threeDigits } from './units.ts';
import type { RecordableHistogram } from 'node:perf_hooks';

/** How often a load reports its progress, in milliseconds. */
export const PROGRESS_MS = 200;

/** The current speed of a load. */
export interface LoadPulse {
  readonly elapsedSeconds: number;
  /** Answers per second since the last reading. */
  readonly perSecond: number;
  /** 99th percentile of the latency so far, in microseconds; 0 while there is none. */
  readonly p99Us: number;
}

/** Makes the function that reads the {@link LoadPulse} of a load that started at `startMs`; its argument is the number of answers so far. */
export function createLoadMeter(startMs: number, latency: RecordableHistogram): (answered: number) => LoadPulse {
  let readMs = startMs;
  let readAnswers = 0;
  return (answered) => {
    const now = performance.now();
    const perSecond = ((answered - readAnswers) * 1000) / (now - readMs);
    readMs = now;
    readAnswers = answered;
    return { elapsedSeconds: (now - startMs) / 1000, perSecond, p99Us: latency.count === 0 ? 0 : latency.percentile(99) / 1000 };
  };
}

/**
 * The progress of a load, in one line of less than 80 columns: `1.2 s · 1,000 messages · 833/s · p99 1.20 ms · 2 failed`.
 *
 * @param failures - Number and kinds of failures; shown when there are any.
 */
export function formatLoadPulse(
  pulse: LoadPulse,
  answers: readonly [count: number, what: string],
  failures: readonly [number, string],
): string {
  const [count, what] = answers;
  const failed = failures[0] === 0 ? '' : ` · ${formatCount(failures[0])} ${failures[1]}`;
  const pace = `${threeDigits(pulse.perSecond)}/s · p99 ${formatMicroseconds(pulse.p99Us)}`;
  return `${pulse.elapsedSeconds.toFixed(1)} s · ${formatCount(count)} ${what} · ${pace}${failed}`;
}
