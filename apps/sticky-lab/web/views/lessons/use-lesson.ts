import { useEffect, useRef, useState } from 'preact/hooks';
import { replaceAddress } from '../../shell/address.ts';
import { loadStartRun, startRuns } from './lab-data.ts';
import { askedRun, runKey, runParameters } from './lesson-address.ts';
import { note } from './progress.ts';
import { useRuns } from './use-run.ts';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { TypedRun } from './lesson-address.ts';
import type { RunState } from './use-run.ts';
import type { Answer, RunReport } from '@socklab/lab';

type ExperimentSummary = LabDescription['experiments'][number];

/** A lesson that is open. */
export interface OpenLesson {
  readonly state: RunState;
  readonly typed: TypedRun;
  /** The reader's prediction; `null` before it, and when it was skipped. */
  readonly guess: Answer | null;
  /** Whether the answer may be shown: after a prediction or a skip, or because the address requests a run. */
  readonly isOpen: boolean;
  /** What is shown, once there is something. */
  readonly report: RunReport | undefined;
  /** Whether it was made when the service started. */
  readonly isOfStart: boolean;
  readonly type: (typed: TypedRun) => void;
  readonly predict: (guess: Answer) => void;
  readonly skip: () => void;
  /** Runs the visible settings of the form. */
  readonly run: () => void;
  readonly stop: () => void;
}

/** The state of a lesson while it is shown; its component key has to be its id. */
export function useLesson(experiment: ExperimentSummary): OpenLesson {
  const { id } = experiment;
  const runs = useRuns(id);
  const state = runs.state.value;
  const [guess, setGuess] = useState<Answer | null>(null);
  const [isSkipped, setIsSkipped] = useState(false);
  const { typed, setTyped, isAsked, run } = useAddress(experiment, (wanted, onAccepted) => runs.start(wanted, onAccepted));
  const atStart = startRuns.value.get(id);
  const report = state.report ?? (isSkipped ? atStart : undefined);
  useEffect(() => {
    if (report !== undefined) note(report, guess);
  }, [report]);
  return {
    state,
    typed,
    guess,
    isOpen: report !== undefined || isAsked,
    report,
    isOfStart: report === atStart,
    type: setTyped,
    predict(answer) {
      setGuess(answer);
      run(known(experiment, typed));
    },
    skip() {
      setIsSkipped(true);
      void loadStartRun(id);
    },
    run: () => run(known(experiment, typed)),
    stop: () => runs.stop(),
  };
}

interface AddressedRun {
  readonly typed: TypedRun;
  readonly setTyped: (typed: TypedRun) => void;
  /** Whether the address requests a run of this lesson. */
  readonly isAsked: boolean;
  readonly run: (wanted: TypedRun) => void;
}

/** Keeps the form, the runs and the address in step. */
function useAddress(experiment: ExperimentSummary, start: (run: TypedRun, onAccepted: () => void) => void): AddressedRun {
  const { id } = experiment;
  const asked = askedRun();
  const [typed, setTyped] = useState(() => completed(experiment, asked.run));
  const key = asked.id === id && asked.run !== undefined ? runKey(id, asked.run) : null;
  const lastKey = useRef<string | null>(null);
  const run = (wanted: TypedRun): void => {
    start(wanted, () => {
      lastKey.current = runKey(id, wanted);
      replaceAddress(runParameters(id, wanted));
    });
  };
  useEffect(() => {
    // An address that was opened, or returned to, is run; one that a run wrote is not run again.
    if (key === null || key === lastKey.current || asked.run === undefined) return;
    lastKey.current = key;
    const wanted = completed(experiment, asked.run);
    setTyped(wanted);
    run(wanted);
  }, [key]);
  return { typed, setTyped, isAsked: key !== null, run };
}

/** What was asked for, and the defaults for all else. */
function completed({ params }: ExperimentSummary, asked: TypedRun | undefined): TypedRun {
  const defaults = Object.entries(params).map(([name, spec]) => [name, String(spec.default)]);
  return { params: { ...(Object.fromEntries(defaults) as Record<string, string>), ...asked?.params } };
}

/** The visible settings of the form only. */
function known({ params }: ExperimentSummary, typed: TypedRun): TypedRun {
  return { params: Object.fromEntries(Object.entries(typed.params).filter(([name]) => Object.hasOwn(params, name))) };
}
