import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { isServiceGone } from '../../shell/service-state.ts';
import { AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import type { View } from '../../shell/view.ts';
import { labData, loadLab, type LabData } from './lab-data.ts';
import { askedRun } from './lesson-address.ts';
import { Lesson } from './lesson.tsx';
import { LessonList } from './lesson-list.tsx';
import './lessons.css';

export const lessons: View = {
  id: 'lessons',
  title: { en: 'Lessons', zh: '课程' },
  Component: Lessons,
};

function Lessons(): JSX.Element {
  const known = labData.value;
  const isGone = isServiceGone.value;
  useEffect(() => void loadLab(), [isGone]);
  if (known === null) return <p class="quiet">{t({ en: 'Loading the lessons…', zh: '正在加载课程…' })}</p>;
  if (known instanceof AskError) return <NotLoaded error={known} />;
  return <Loaded known={known} />;
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

function Loaded({ known: { lab, atStart } }: { readonly known: LabData }): JSX.Element {
  const { id } = askedRun();
  const shown = id === undefined ? lab.experiments[0] : lab.experiments.find((each) => each.id === id);
  return (
    <div class="lessons">
      <LessonList experiments={lab.experiments} atStart={atStart} shown={shown?.id} />
      {shown === undefined ? (
        <p class="bad" role="alert">
          {t({
            en: `No experiment is called ${JSON.stringify(id)}. Choose one of the list.`,
            zh: `没有名为 ${JSON.stringify(id)} 的实验，请从列表中选择。`,
          })}
        </p>
      ) : (
        <Lesson key={shown.id} experiment={shown} atStart={atStart.experiments.find((run) => run.id === shown.id)} />
      )}
    </div>
  );
}
