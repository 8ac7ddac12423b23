import { PageLink } from '../../controls/page-link.tsx';
import { t } from '../../shell/language.ts';
import { Challenges } from './challenges.tsx';
import { LessonForm } from './lesson-form.tsx';
import { Predict } from './predict.tsx';
import { Result } from './result.tsx';
import { useLesson } from './use-lesson.ts';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { OpenLesson } from './use-lesson.ts';
import type { JSX } from 'preact';

type ExperimentSummary = LabDescription['experiments'][number];

/** What {@link Lesson} shows. */
export interface LessonProps {
  readonly experiment: ExperimentSummary;
  /** The one after it, if there is one. */
  readonly next: ExperimentSummary | undefined;
}

/** One experiment: its question, the reader's prediction, what the sockets did, and what to try next. */
export function Lesson({ experiment, next }: LessonProps): JSX.Element {
  const lesson = useLesson(experiment);
  return (
    <article class="lesson" aria-labelledby="lesson-title">
      <h2 id="lesson-title">
        <span class="lesson-number">{experiment.lesson}</span> {t(experiment.title)}
      </h2>
      <p class="question">{t(experiment.question)}</p>
      {lesson.isOpen ? <Answered lesson={lesson} experiment={experiment} next={next} /> : <Asked lesson={lesson} />}
    </article>
  );
}

function Asked({ lesson: { guess, state, predict, skip } }: { readonly lesson: OpenLesson }): JSX.Element {
  return (
    <>
      <Predict guess={guess} isRunning={state.isRunning} onGuess={predict} onSkip={skip} />
      {state.trouble !== null && (
        <p class="bad" role="alert">
          {state.trouble()}
        </p>
      )}
    </>
  );
}

function Answered({ lesson, experiment, next }: LessonProps & { readonly lesson: OpenLesson }): JSX.Element {
  const { report, guess, isOfStart, state, typed } = lesson;
  return (
    <div class="lesson-body">
      {report !== undefined && <Result report={report} experiment={experiment} guess={guess} isOfStart={isOfStart} />}
      <section class="lesson-try" aria-label={t({ en: 'Run it again', zh: '再次运行' })}>
        <Challenges experiment={experiment} />
        <LessonForm experiment={experiment} typed={typed} state={state} onType={lesson.type} onRun={lesson.run} onStop={lesson.stop} />
        {next !== undefined && (
          <p class="lesson-next">
            <PageLink to={{ experiment: next.id }} isCurrent={false}>
              {t({ en: `Next: ${next.title.en}`, zh: `下一课：${next.title.zh}` })} →
            </PageLink>
          </p>
        )}
      </section>
    </div>
  );
}
