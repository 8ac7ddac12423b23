import { MAX_FLOWS, MAX_RUN_EVENTS, MAX_RUN_SHOWN_BYTES } from '../../picture/flow.ts';
import { createRecorder } from './recorder.ts';
import type { RecordedFlow } from '../../picture/flow.ts';
import type { Allowance, FlowLabel, OwnedRecorder, Recorder } from './recorder.ts';

/** Recording of a run. Plain JSON. */
export interface Recorded {
  /** In order of their start, at most `MAX_FLOWS`. */
  readonly flows: readonly RecordedFlow[];
  /** Number of flows not kept. */
  readonly omittedFlows: number;
}

/** Recorder of one run. Its clock starts at creation. */
export interface Trace {
  /** Starts a flow. Beyond `MAX_FLOWS` the recorder keeps nothing. */
  converse(label: FlowLabel): Recorder;
  /** A snapshot of the recording so far. */
  recorded(): Recorded;
}

/** Creates the {@link Trace} of a run. */
export function createTrace(): Trace {
  const startedAt = performance.now();
  const now = (): number => Math.round((performance.now() - startedAt) * 1000);
  const allowance: Allowance = { events: MAX_RUN_EVENTS, shownBytes: MAX_RUN_SHOWN_BYTES };
  const recorders: OwnedRecorder[] = [];
  let begun = 0;
  return {
    converse(label) {
      const isKept = begun++ < MAX_FLOWS;
      const recorder = createRecorder({ ...label, id: begun, now, allowance: isKept ? allowance : { events: 0, shownBytes: 0 } });
      if (isKept) recorders.push(recorder);
      return recorder;
    },
    recorded: () => ({
      flows: recorders.map((recorder) => recorder.flow()),
      omittedFlows: begun - recorders.length,
    }),
  };
}
