import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { LabReport, Outcome } from '@socklab/lab';
import { Link } from '../../controls/link.tsx';
import { t } from '../../shell/language.ts';
import { outcomeName, outcomeSign } from './verdict.tsx';

/** What {@link LessonList} shows. */
export interface LessonListProps {
  readonly experiments: LabDescription['experiments'];
  readonly atStart: LabReport;
  /** The one that is open. */
  readonly shown: string | undefined;
}

/** Every lesson, in order, with what came of it when the service started. */
export function LessonList({ experiments, atStart, shown }: LessonListProps): JSX.Element {
  const outcomes = new Map(atStart.experiments.map(({ id, outcome }) => [id, outcome]));
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the list has little room, the one that is open is to be seen; the page itself stays where it is.
    const current = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (list.current && current) list.current.scrollTop = current.offsetTop - current.offsetHeight;
  }, [shown]);
  return (
    <nav ref={list} class="lesson-list" aria-label={t({ en: 'Lessons', zh: '课程' })}>
      <ol>
        {experiments.map(({ id, lesson, title }) => (
          <li key={id}>
            <Link to={{ experiment: id }} isCurrent={id === shown}>
              <span class="lesson-number">{lesson}</span>
              <span>{t(title)}</span>
              <OutcomeSign outcome={outcomes.get(id)} />
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function OutcomeSign({ outcome }: { readonly outcome: Outcome | undefined }): JSX.Element | null {
  if (outcome === undefined) return null;
  return (
    <span class={outcome === 'expected' ? 'sign good' : 'sign bad'}>
      <span aria-hidden="true">{outcomeSign(outcome)}</span>
      <span class="unseen"> {t(outcomeName(outcome))}</span>
    </span>
  );
}
