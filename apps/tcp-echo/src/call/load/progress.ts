import { formatCount, formatMicroseconds, threeDigits } from '@socklab/client';
import type { RecordableHistogram } from 'node:perf_hooks';

/** How far a load is. */
export interface LoadProgress {
  readonly elapsedSeconds: number;
  readonly openConnections: number;
  readonly failedConnections: number;
  readonly answeredMessages: number;
  /** Since the last time told. */
  readonly messagesPerSecond: number;
  /** Latency of 99 in 100 messages so far, in microseconds; 0 while there are none. */
  readonly p99Us: number;
}

/** What changes while a load goes on. */
export type LoadCounts = Pick<LoadProgress, 'openConnections' | 'failedConnections' | 'answeredMessages'>;

/** Makes what tells `onProgress` how far the load is that started at `startMs`. */
export function createProgressTeller(
  onProgress: (progress: LoadProgress) => void,
  startMs: number,
  latency: RecordableHistogram,
  counts: () => LoadCounts,
): () => void {
  let toldMs = startMs;
  let toldMessages = 0;
  return () => {
    const now = performance.now();
    const counted = counts();
    const messagesPerSecond = ((counted.answeredMessages - toldMessages) * 1000) / (now - toldMs);
    toldMs = now;
    toldMessages = counted.answeredMessages;
    const p99Us = latency.count === 0 ? 0 : latency.percentile(99) / 1000;
    onProgress({ ...counted, elapsedSeconds: (now - startMs) / 1000, messagesPerSecond, p99Us });
  };
}

/** How far a load is, in one line of less than 80 columns. */
export function formatProgress({ elapsedSeconds, answeredMessages, messagesPerSecond, p99Us, failedConnections }: LoadProgress): string {
  const failed = failedConnections === 0 ? '' : ` · ${formatCount(failedConnections)} failed`;
  const pace = `${threeDigits(messagesPerSecond)}/s · p99 ${formatMicroseconds(p99Us)}`;
  return `${elapsedSeconds.toFixed(1)} s · ${formatCount(answeredMessages)} messages · ${pace}${failed}`;
}
