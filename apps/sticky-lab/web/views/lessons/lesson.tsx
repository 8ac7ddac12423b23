import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { RunReport } from '@socklab/lab';
import { replaceAddress } from '../../shell/address.ts';
import { t } from '../../shell/language.ts';
import { askedRun, runKey, runParameters, type TypedRun } from './lesson-address.ts';
import { LessonForm } from './lesson-form.tsx';
import { Result } from './result.tsx';
import { useRuns } from './use-run.ts';

type ExperimentSummary = LabDescription['experiments'][number];

/** What {@link Lesson} shows. */
export interface LessonProps {
  readonly experiment: ExperimentSummary;
  /** What came of it when the service started. */
  readonly atStart: RunReport | undefined;
}

/** One experiment: its question, what it can be told, and what the sockets did. */
export function Lesson({ experiment, atStart }: LessonProps): JSX.Element {
  const { id, lesson, title, question } = experiment;
  const runs = useRuns(id);
  const state = runs.state.value;
  const asked = askedRun();
  const [typed, setTyped] = useState(() => completed(experiment, asked.run));
  const askedKey = asked.id === id && asked.run !== undefined ? runKey(id, asked.run) : null;
  const lastKey = useRef<string | null>(null);
  const run = (wanted: TypedRun): void => {
    runs.start(wanted, () => {
      lastKey.current = runKey(id, wanted);
      replaceAddress(runParameters(id, wanted));
    });
  };
  useEffect(() => {
    // An address that was opened, or gone back to, is run; one that a run left is not run again.
    if (askedKey === null || askedKey === lastKey.current || asked.run === undefined) return;
    lastKey.current = askedKey;
    const wanted = completed(experiment, asked.run);
    setTyped(wanted);
    run(wanted);
  }, [askedKey]);
  const report = state.report ?? (askedKey === null ? atStart : undefined);
  return (
    <article class="lesson" aria-labelledby="lesson-title">
      <h2 id="lesson-title">
        <span class="lesson-number">{lesson}</span> {t(title)}
      </h2>
      <p class="question">{t(question)}</p>
      <LessonForm
        experiment={experiment}
        typed={typed}
        state={state}
        onType={setTyped}
        onRun={() => run(known(experiment, typed))}
        onStop={() => runs.stop()}
      />
      {report !== undefined && <Result report={report} why={t(experiment.why)} isOfStart={report === atStart} />}
    </article>
  );
}

/** What was asked for, and the defaults for all else. */
function completed({ params }: ExperimentSummary, asked: TypedRun | undefined): TypedRun {
  const defaults = Object.entries(params).map(([name, spec]) => [name, String(spec.default)]);
  return { params: { ...(Object.fromEntries(defaults) as Record<string, string>), ...asked?.params } };
}

/** What can be seen in the form, and no more. */
function known({ params }: ExperimentSummary, typed: TypedRun): TypedRun {
  return { params: Object.fromEntries(Object.entries(typed.params).filter(([name]) => Object.hasOwn(params, name))) };
}
