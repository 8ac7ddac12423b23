import { createLoadMeter, formatLoadPulse } from '@socklab/client';
import type { RecordableHistogram } from 'node:perf_hooks';

/** Progress of a load. */
export interface LoadProgress {
  readonly elapsedSeconds: number;
  readonly openConnections: number;
  readonly failedConnections: number;
  readonly answeredMessages: number;
  /** Since the last report. */
  readonly messagesPerSecond: number;
  /** 99th percentile of the latency so far, in microseconds; 0 while there is none. */
  readonly p99Us: number;
}

/** The changing numbers of a load. */
export type LoadCounts = Pick<LoadProgress, 'openConnections' | 'failedConnections' | 'answeredMessages'>;

/** Makes the function that reports the progress of the load that started at `startMs` to `onProgress`. */
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

/** The progress of a load, in one line of less than 80 columns. */
export function formatProgress({ answeredMessages, messagesPerSecond, failedConnections, ...pulse }: LoadProgress): string {
  return formatLoadPulse({ ...pulse, perSecond: messagesPerSecond }, [answeredMessages, 'messages'], [failedConnections, 'failed']);
}
