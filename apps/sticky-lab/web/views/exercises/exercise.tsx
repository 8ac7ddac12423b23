import { useState } from 'preact/hooks';
import { gradeText } from '../../../src/exercises/report.ts';
import { Field } from '../../controls/field.tsx';
import { language, t } from '../../shell/language.ts';
import { notePassed, readGrade } from './grades.ts';
import type { ExerciseSummary } from '../../../src/pages/exercises/contract.ts';
import type { Text } from '../../shell/language.ts';
import type { JSX } from 'preact';

const KINDS: Readonly<Record<ExerciseSummary['kind'], Text>> = {
  'tcp-server': { en: 'a TCP server', zh: 'TCP 服务器' },
  'udp-server': { en: 'a UDP server', zh: 'UDP 服务器' },
  'tcp-client': { en: 'a TCP client', zh: 'TCP 客户端' },
};

/** One exercise: its task, how it is graded, hints one at a time, and the grade. */
export function Exercise({ exercise }: { readonly exercise: ExerciseSummary }): JSX.Element {
  const { number, title, kind, task, checks } = exercise;
  const file = kind === 'tcp-client' ? 'client.py' : 'server.py';
  return (
    <article class="exercise">
      <h2>
        <span class="lesson-number">{number}</span> {t(title)} <small class="quiet">{t(KINDS[kind])}</small>
      </h2>
      <p class="question">{t(task)}</p>
      <ul class="exercise-checks">
        {checks.map(({ name, points }) => (
          <li key={name.en}>
            {t(name)} <span class="quiet">{t({ en: `${points} points`, zh: `${points} 分` })}</span>
          </li>
        ))}
      </ul>
      <h3>{t({ en: 'Have it graded', zh: '评分' })}</h3>
      <p>
        <code class="command">
          sticky-lab exercise {number} -- python3 {file} {'{port}'}
        </code>
      </p>
      <Hints exercise={exercise} />
      <GradeShown exercise={exercise} />
    </article>
  );
}

function Hints({ exercise: { hints } }: { readonly exercise: ExerciseSummary }): JSX.Element {
  const [count, setCount] = useState(0);
  return (
    <section>
      <ol class="exercise-hints">
        {hints.slice(0, count).map((hint) => (
          <li key={hint.en}>{t(hint)}</li>
        ))}
      </ol>
      {count < hints.length && (
        <button type="button" onClick={() => setCount(count + 1)}>
          {t({ en: `Hint ${count + 1} of ${hints.length}`, zh: `提示 ${count + 1}/${hints.length}` })}
        </button>
      )}
    </section>
  );
}

/** The same text as the command's, from the JSON that it printed. */
function GradeShown({ exercise }: { readonly exercise: ExerciseSummary }): JSX.Element {
  const [text, setText] = useState('');
  const grade = text.trim() === '' ? null : readGrade(text, exercise.id);
  const refusal = grade !== null && 'en' in grade ? t(grade) : undefined;
  return (
    <section>
      <Field
        label={t({ en: 'The grade', zh: '成绩' })}
        help={t({ en: 'paste here what the command prints with --json', zh: '把命令加 --json 的输出粘贴到这里' })}
        refusal={refusal}
      >
        {(ties) => (
          <textarea
            {...ties}
            rows={3}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget: { value } }) => {
              setText(value);
              const read = readGrade(value, exercise.id);
              if ('checks' in read) notePassed(read);
            }}
          />
        )}
      </Field>
      {grade !== null && 'checks' in grade && (
        <pre class="exercise-grade" role="status" data-passed={grade.isPassed}>
          {gradeText(grade, exercise, { language: language.value, hintCount: 1 })}
        </pre>
      )}
    </section>
  );
}
