import { t } from '../../shell/language.ts';
import { progress } from './progress.ts';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { JSX } from 'preact';

/** What {@link Challenges} shows. */
export interface ChallengesProps {
  readonly experiment: LabDescription['experiments'][number];
}

/** Goals for the reader to reach with the parameters; each run is judged. Nothing for a lesson without parameters. */
export function Challenges({ experiment: { id, challenges } }: ChallengesProps): JSX.Element | null {
  if (challenges.length === 0) return null;
  const met = new Set(progress.value[id]?.met);
  return (
    <section class="challenges" aria-labelledby="challenges-title">
      <h3 id="challenges-title">{t({ en: 'Bring it about: every run is checked', zh: '动手试试：每次运行都会检查' })}</h3>
      <ul>
        {challenges.map((text, at) => (
          <li key={at} data-met={met.has(at)}>
            <span class={met.has(at) ? 'good' : 'quiet'} aria-hidden="true">
              {met.has(at) ? '✓' : '○'}
            </span>{' '}
            {emphasised(t(text))}
            <span class="unseen"> {met.has(at) ? t({ en: 'done', zh: '已完成' }) : t({ en: 'not yet', zh: '还没有' })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Text between stars is a message of the lesson. */
function emphasised(text: string): readonly (string | JSX.Element)[] {
  return text.split('*').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
