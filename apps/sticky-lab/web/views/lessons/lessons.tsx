import { useEffect } from 'preact/hooks';
import { AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { isServiceGone } from '../../shell/service-state.ts';
import { labData, loadLab } from './lab-data.ts';
import { askedRun } from './lesson-address.ts';
import { LessonList } from './lesson-list.tsx';
import { Lesson } from './lesson.tsx';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { JSX } from 'preact';

/** The list of lessons and the one that is open. */
export function Lessons(): JSX.Element {
  const known = labData.value;
  const isGone = isServiceGone.value;
  useEffect(() => void loadLab(), [isGone]);
  if (known === null) return <p class="quiet">{t({ en: 'Loading the lessons…', zh: '正在加载课程…' })}</p>;
  if (known instanceof AskError) return <NotLoaded error={known} />;
  return <Loaded lab={known} />;
}

function NotLoaded({ error }: { readonly error: AskError }): JSX.Element {
  return (
    <div role="alert">
      <p class="bad">{t({ en: `The lessons could not be loaded: ${error.text}.`, zh: `无法加载课程：${error.text}。` })}</p>
      <button type="button" onClick={() => void loadLab()}>
        {t({ en: 'Try again', zh: '重试' })}
      </button>
    </div>
  );
}

function Loaded({ lab }: { readonly lab: LabDescription }): JSX.Element {
  const { id } = askedRun();
  const at = id === undefined ? 0 : lab.experiments.findIndex((each) => each.id === id);
  const shown = lab.experiments[at];
  return (
    <div class="lessons">
      <LessonList experiments={lab.experiments} shown={shown?.id} />
      {shown === undefined ? (
        <p class="bad" role="alert">
          {t({
            en: `Unknown experiment ${JSON.stringify(id)}. Choose one of the list.`,
            zh: `没有名为 ${JSON.stringify(id)} 的实验，请从列表中选择。`,
          })}
        </p>
      ) : (
        <Lesson key={shown.id} experiment={shown} next={lab.experiments[at + 1]} />
      )}
    </div>
  );
}
