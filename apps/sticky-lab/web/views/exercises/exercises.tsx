import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { PageLink } from '../../controls/page-link.tsx';
import { query } from '../../shell/address.ts';
import { ask, AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { isServiceGone } from '../../shell/service-state.ts';
import { Exercise } from './exercise.tsx';
import { passed } from './grades.ts';
import type { ExerciseSummary } from '../../../src/pages/exercises/contract.ts';
import type { JSX } from 'preact';

/** The exercises, while the page is open. */
const known = signal<readonly ExerciseSummary[] | AskError | null>(null);

/** Programs to write oneself: what each has to do, and the grade that the command gave it. */
export function Exercises(): JSX.Element {
  const all = known.value;
  const isGone = isServiceGone.value;
  useEffect(() => void load(), [isGone]);
  if (all === null) return <p class="quiet">{t({ en: 'Loading the exercises…', zh: '正在加载练习…' })}</p>;
  if (all instanceof AskError) {
    return (
      <p class="bad" role="alert">
        {t({ en: `The exercises could not be loaded: ${all.text}.`, zh: `无法加载练习：${all.text}。` })}
      </p>
    );
  }
  const asked = query.value.get('exercise');
  const shown = all.find(({ id, number }) => id === asked || String(number) === asked) ?? all[0]!;
  return (
    <>
      <p class="exercises-lead">
        {t({
          en: 'Write it in any language. The command starts your program, talks to it and cuts every message everywhere. Nothing of yours leaves this machine.',
          zh: '用任何语言编写。命令会启动你的程序，与它对话，并在每个位置切开每条消息。你的代码不会离开本机。',
        })}
      </p>
      <div class="exercises">
        <nav aria-label={t({ en: 'Exercises', zh: '练习' })}>
          <ol>
            {all.map(({ number, id, title }) => (
              <li key={id}>
                <PageLink to={{ page: 'exercises', exercise: id }} isCurrent={id === shown.id}>
                  <span class="lesson-number">{number}</span> {t(title)}
                  {passed.value.includes(id) && <span class="good"> ✓</span>}
                </PageLink>
              </li>
            ))}
          </ol>
        </nav>
        <Exercise key={shown.id} exercise={shown} />
      </div>
    </>
  );
}

async function load(): Promise<void> {
  if (known.value !== null && !(known.value instanceof AskError)) return;
  try {
    known.value = await ask('GET /api/exercises', {});
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    known.value = error;
  }
}
