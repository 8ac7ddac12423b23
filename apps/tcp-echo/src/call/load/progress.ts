import { createLoadMeter, formatLoadPulse } from '@socklab/client';
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
  const read = createLoadMeter(startMs, latency);
  return () => {
    const counted = counts();
    const { elapsedSeconds, perSecond, p99Us } = read(counted.answeredMessages);
    onProgress({ ...counted, elapsedSeconds, messagesPerSecond: perSecond, p99Us });
  };
}

/** How far a load is, in one line of less than 80 columns. */
export function formatProgress({ answeredMessages, messagesPerSecond, failedConnections, ...pulse }: LoadProgress): string {
  return formatLoadPulse({ ...pulse, perSecond: messagesPerSecond }, [answeredMessages, 'messages'], [failedConnections, 'failed']);
}
