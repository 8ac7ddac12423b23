import { sentSegments } from './captured-segments.ts';
import { createSegmentCounter } from './kernel-count.ts';
import { capturePort } from './port-capture.ts';
import type { WhyNoTimes } from '../../../picture/flow.ts';
import type { RunScope } from '../../base/closers.ts';
import type { Recorder } from '../../record/recorder.ts';
import type { RunClock } from '../../record/run-clock.ts';
import type { RunningCapture } from './port-capture.ts';

/** Finds out which segments carried the bytes that one port sends. */
export interface SegmentWatch {
  /**
   * Tells the recorder, once all that was written has been read and before the sender ends: each segment with its time where they were
   * captured, else how many the kernel counted, else nothing.
   */
  tell(recorder: Recorder, receiverPort: number): Promise<void>;
}

/** Begins to watch a port of 127.0.0.1 before anything connects to it. */
export type WatchSegments = (senderPort: number) => Promise<SegmentWatch>;

/** Dependencies of {@link createSegmentWatches}. */
export interface SegmentWatchDependencies {
  readonly scope: RunScope;
  readonly clock: RunClock;
  /** The program that captures. */
  readonly tcpdump: string;
}

/** By then a capture has handed out what the receiver has read already. */
const PATIENCE_MS = 500;

/** Creates what watches the segments of a run. */
export function createSegmentWatches({ scope, clock, tcpdump }: SegmentWatchDependencies): WatchSegments {
  const counter = createSegmentCounter(scope.signal);
  return async (senderPort) => {
    const capture = await capturePort(tcpdump, senderPort, scope);
    return {
      async tell(recorder, receiverPort) {
        const whyNoTimes = typeof capture === 'string' ? capture : await tellCaptured(capture, { recorder, receiverPort, clock });
        if (whyNoTimes === undefined) return;
        const totals = await counter.count({ localPort: senderPort, remotePort: receiverPort });
        const range = { start: 0, end: recorder.writtenBytes };
        // Unsent or retransmitted bytes make the counters differ; then the count does not describe this range.
        if (totals?.sentBytes === range.end && range.end > 0) recorder.segments({ ...range, count: totals.dataSegments, whyNoTimes });
      },
    };
  };
}

interface Told {
  readonly recorder: Recorder;
  readonly receiverPort: number;
  readonly clock: RunClock;
}

async function tellCaptured(capture: RunningCapture, { recorder, receiverPort, clock }: Told): Promise<WhyNoTimes | undefined> {
  const segments = await capture.find((file) => sentSegments(file, receiverPort, recorder.writtenBytes), PATIENCE_MS);
  if (segments === undefined) return 'incomplete';
  const usOf = clock.fromSystemTime();
  const areTold = recorder.captured(segments.map(({ start, end, epochMs }) => ({ start, end, us: usOf(epochMs) })));
  return areTold ? undefined : 'incomplete';
}
