import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { noWholeNumber, wholeNumber } from '../../controls/number-field.tsx';
import { ask, AskError } from '../../shell/ask.ts';
import { follow } from '../../shell/events/follow.ts';
import { t } from '../../shell/language.ts';
import type { TypedRun } from './lesson-address.ts';
import type { ReadonlySignal } from '@preact/signals';
import type { RunReport } from '@socklab/lab';

/** A message, in the reader's language when it is shown. */
export type Saying = () => string;

/** The state of a run. */
export interface RunState {
  readonly isRunning: boolean;
  /** The last finished run, also while the next is running. */
  readonly report: RunReport | null;
  /** Refusals by field: `params.<name>`. */
  readonly refusals: Readonly<Record<string, Saying>>;
  /** Any other error. */
  readonly trouble: Saying | null;
}

/** Runs of one experiment, one after the other. */
export interface Runs {
  readonly state: ReadonlySignal<RunState>;
  /** Runs it. `onAccepted` is called when the service has accepted it, before there is a result. */
  start(run: TypedRun, onAccepted: () => void): void;
  /** Asks the service to stop the current run. */
  stop(): void;
  /** Stops following. */
  leave(): void;
}

/** Runs of an experiment, for as long as the component is there. */
export function useRuns(id: string): Runs {
  const [runs] = useState(() => createRuns(id));
  useEffect(() => () => runs.leave(), [runs]);
  return runs;
}

const NOTHING: RunState = { isRunning: false, report: null, refusals: {}, trouble: null };

function createRuns(id: string): Runs {
  const state = signal(NOTHING);
  let job: string | null = null;
  let leaving = new AbortController();
  const over = (change: Partial<RunState>): void => {
    state.value = { ...state.value, isRunning: false, ...change };
  };
  const runOne = async (run: TypedRun, onAccepted: () => void, left: AbortSignal): Promise<void> => {
    const { refusals, body } = checked(run);
    state.value = { ...state.value, refusals, trouble: null, isRunning: body !== undefined };
    if (body === undefined) return;
    const started = await ask('POST /api/experiments/:id/runs', { path: { id }, body, signal: left });
    job = started.job.id;
    onAccepted();
    await ended(started.job.id, left);
    const { result, state: end, error } = await ask('GET /api/jobs/:id', { path: { id: started.job.id }, signal: left });
    if (end === 'done') over({ report: result as RunReport });
    else over({ trouble: end === 'stopped' ? wasStopped : () => error ?? end });
  };
  return {
    state,
    start(run, onAccepted) {
      leaving.abort();
      leaving = new AbortController();
      job = null;
      const { signal: left } = leaving;
      runOne(run, onAccepted, left).catch((error: unknown) => {
        if (!left.aborted) over(refused(error));
      });
    },
    stop() {
      if (job === null) return;
      // The job itself reports its result.
      ask('POST /api/jobs/:id/stop', { path: { id: job } }).catch((error: unknown) => over(refused(error)));
    },
    leave: () => leaving.abort(),
  };
}

/** Resolves when a job is over. */
function ended(job: string, left: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = follow(job, { events: () => undefined, end: () => resolve(), lost: () => reject(wasLost()) });
    left.addEventListener('abort', stop);
  });
}

interface CheckedRun {
  readonly refusals: RunState['refusals'];
  readonly body: { readonly params: Readonly<Record<string, number>> } | undefined;
}

/** The typed numbers. The service checks their limits. */
function checked({ params }: TypedRun): CheckedRun {
  const typed = Object.entries(params).map(([name, value]): [string, string] => [`params.${name}`, value]);
  const wrong = typed.filter(([, value]) => wholeNumber(value) === undefined);
  if (wrong.length > 0) {
    return {
      refusals: Object.fromEntries(wrong.map(([field, value]): [string, Saying] => [field, () => noWholeNumber(value)])),
      body: undefined,
    };
  }
  const values = Object.entries(params).map(([name, value]) => [name, Number(value)]);
  return { refusals: {}, body: { params: Object.fromEntries(values) as Record<string, number> } };
}

function refused(error: unknown): Partial<RunState> {
  if (!(error instanceof AskError)) throw error;
  return error.field === undefined ? { trouble: () => error.text } : { refusals: { [error.field]: () => error.text } };
}

function wasStopped(): string {
  return t({ en: 'The run was stopped.', zh: '运行已停止。' });
}

function wasLost(): AskError {
  return new AskError(
    {
      error: 'the service does not know this run any more: it was started anew; run it again',
      zh: '服务器上已找不到这次运行（可能刚重启过），请重新运行',
    },
    404,
  );
}
