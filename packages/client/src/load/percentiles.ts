import { createHistogram } from 'node:perf_hooks';
import type { RecordableHistogram } from 'node:perf_hooks';

/** Percentiles of durations, in microseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly minUs: number;
  readonly meanUs: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  /** The 99.9th percentile. */
  readonly p999Us: number;
  readonly maxUs: number;
}

/** The longest duration, in nanoseconds: an hour. */
const MAX_LATENCY_NS = 3_600_000_000_000;

const NANOSECONDS_PER_MS = 1e6;

/** Makes a histogram of durations in nanoseconds, up to an hour, three digits each. */
export function createLatencyHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: MAX_LATENCY_NS, figures: 3 });
}

/** Records a duration given in milliseconds; a histogram takes nothing below 1 ns. */
export function recordLatency(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.max(1, Math.round(milliseconds * NANOSECONDS_PER_MS)));
}

/**
 * Sums up a histogram of nanoseconds, as `record` and `recordDelta` of `perf_hooks.createHistogram` take them. The
 * values are as exact as the histogram: three digits, by default.
 *
 * @returns undefined when nothing was recorded: there is no shortest of nothing.
 */
export function summarizeLatency(histogram: RecordableHistogram): LatencySummary | undefined {
  const { count } = histogram;
  if (count === 0) return undefined;
  return {
    count,
    minUs: microseconds(histogram.min),
    meanUs: microseconds(histogram.mean),
    p50Us: microseconds(histogram.percentile(50)),
    p90Us: microseconds(histogram.percentile(90)),
    p99Us: microseconds(histogram.percentile(99)),
    p999Us: microseconds(histogram.percentile(99.9)),
    maxUs: microseconds(histogram.max),
  };
}

/** Nanoseconds to microseconds, with no more digits than nanoseconds have. */
function microseconds(nanoseconds: number): number {
  return Math.round(nanoseconds) / 1000;
}

// The value from which three digits would round up to 1000 of the unit.
const ROUNDS_TO_1000 = 999.5;

/** A duration in the unit that suits it, three digits: `12.3 µs`, `1.20 ms`, `15.0 s`. */
export function formatMicroseconds(valueUs: number): string {
  if (valueUs < ROUNDS_TO_1000) return `${threeDigits(valueUs)} µs`;
  const valueMs = valueUs / 1000;
  return valueMs < ROUNDS_TO_1000 ? `${threeDigits(valueMs)} ms` : `${threeDigits(valueMs / 1000)} s`;
}

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value.toFixed(value >= 9.995 ? 1 : 2);
}
