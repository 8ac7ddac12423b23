import { MAX_FLOWS, MAX_RUN_EVENTS, MAX_RUN_SHOWN_BYTES } from '../../picture/flow.ts';
import { createRecorder } from './recorder.ts';
import { createRunClock } from './run-clock.ts';
import type { RecordedFlow } from '../../picture/flow.ts';
import type { Allowance, FlowLabel, OwnedRecorder, Recorder } from './recorder.ts';
import type { RunClock } from './run-clock.ts';
import type { WriteLog } from './write-log.ts';

/** Recording of a run. Plain JSON. */
export interface Recorded {
  /** In order of their start, at most `MAX_FLOWS`. */
  readonly flows: readonly RecordedFlow[];
  /** Number of flows not kept. */
  readonly omittedFlows: number;
}

/** Recorder of one run. */
export interface Trace {
  /** It starts with the first event. */
  readonly clock: RunClock;
  /** Starts a flow. Beyond `MAX_FLOWS` the recorder keeps nothing. */
  converse(label: FlowLabel): Recorder;
  /** A snapshot of the recording so far. */
  recorded(): Recorded;
}

/** Creates the {@link Trace} of a run. The log takes all that is written, also what is not kept. */
export function createTrace(log?: WriteLog): Trace {
  const clock = createRunClock();
  const allowance: Allowance = { events: MAX_RUN_EVENTS, shownBytes: MAX_RUN_SHOWN_BYTES };
  const recorders: OwnedRecorder[] = [];
  let begun = 0;
  return {
    clock,
    converse(label) {
      const isKept = begun++ < MAX_FLOWS;
      const recorder = createRecorder({
        ...label,
        log,
        id: begun,
        now: () => clock.now(),
        allowance: isKept ? allowance : { events: 0, shownBytes: 0 },
      });
      if (isKept) recorders.push(recorder);
      return recorder;
    },
    recorded: () => ({
      flows: recorders.map((recorder) => recorder.flow()),
      omittedFlows: begun - recorders.length,
    }),
  };
}
