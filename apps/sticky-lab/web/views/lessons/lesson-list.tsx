import { useEffect, useRef } from 'preact/hooks';
import { PageLink } from '../../controls/page-link.tsx';
import { t } from '../../shell/language.ts';
import { groupBeginning } from './groups.ts';
import { progress } from './progress.ts';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { JSX } from 'preact';

/** What {@link LessonList} shows. */
export interface LessonListProps {
  readonly experiments: LabDescription['experiments'];
  /** The one that is open. */
  readonly shown: string | undefined;
}

/** Every lesson, in groups and in order, with the visitor's progress. */
export function LessonList({ experiments, shown }: LessonListProps): JSX.Element {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    // In a small list the open one is scrolled into view; the page itself does not scroll.
    const current = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (list.current && current) list.current.scrollTop = current.offsetTop - current.offsetHeight;
  }, [shown]);
  return (
    <nav ref={list} class="lesson-list" aria-label={t({ en: 'Lessons', zh: '课程' })}>
      <ol>
        {experiments.map(({ id, lesson, title }) => {
          const group = groupBeginning(lesson);
          return (
            <li key={id}>
              {group !== undefined && <p class="lesson-group">{t(group.title)}</p>}
              <PageLink to={{ experiment: id }} isCurrent={id === shown}>
                <span class="lesson-number">{lesson}</span>
                <span>{t(title)}</span>
                <ProgressSign id={id} />
              </PageLink>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function ProgressSign({ id }: { readonly id: string }): JSX.Element | null {
  const done = progress.value[id];
  if (done === undefined) return null;
  const name = done.isRight
    ? t({ en: 'predicted right', zh: '预测正确' })
    : done.guess === null
      ? t({ en: 'seen', zh: '看过' })
      : t({ en: 'predicted otherwise', zh: '预测有误' });
  return (
    <span class={done.isRight ? 'sign good' : 'sign quiet'}>
      <span aria-hidden="true">{done.isRight ? '✓' : done.guess === null ? '·' : '○'}</span>
      <span class="unseen"> {name}</span>
    </span>
  );
}
