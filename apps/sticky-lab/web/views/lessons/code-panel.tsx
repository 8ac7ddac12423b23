import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { cutOf, linesOf, litLine, marksOf } from '../../../src/pages/lessons/code/code.ts';
import { AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { remembered } from '../../shell/remembered.ts';
import { labData } from './lab-data.ts';
import type { CodeLine, ProgramLanguage } from '../../../src/pages/lessons/code/code.ts';
import type { PointedAt } from '../../picture/pointed-at.ts';
import type { ReadonlySignal } from '@preact/signals';
import type { RunReport } from '@socklab/lab';
import type { JSX } from 'preact';

const LANGUAGES: Readonly<Record<ProgramLanguage, string>> = { python: 'Python', node: 'Node.js' };

/** The language of all programs; the reader's choice is remembered. */
const chosen = signal<ProgramLanguage>(remembered('code', ['python', 'node']) ?? 'python');

effect(() => localStorage.setItem('code', chosen.value));

/** What {@link CodePanel} shows. */
export interface CodePanelProps {
  readonly report: RunReport;
  /** The event selected in the picture, whose line is highlighted. */
  readonly pointedAt: ReadonlySignal<PointedAt | null>;
}

/** The programs of a lesson, with the line of the selected event highlighted. Nothing for a lesson without programs. */
export function CodePanel({ report: { id, params }, pointedAt }: CodePanelProps): JSX.Element | null {
  const lab = labData.value;
  const code = lab === null || lab instanceof AskError ? undefined : lab.programs[id];
  if (code === undefined) return null;
  const shown = pointedAt.value;
  const values = { ...params, cut: shown === null ? 0 : cutOf(shown.flow) };
  const programs = code[chosen.value].map((program) => ({ name: program.name, lines: linesOf(program, values) }));
  const marks = shown === null ? [] : marksOf(shown.flow, shown.event);
  const lit = litLine(
    programs.map(({ lines }) => lines),
    marks,
  );
  return (
    <section class="lesson-code" aria-labelledby="code-title">
      <div class="code-head">
        <h3 id="code-title">{t({ en: 'The program', zh: '程序' })}</h3>
        <LanguageChoice />
      </div>
      {programs.map(({ name, lines }, program) => (
        <Program key={name} name={name} lines={lines} lit={lit?.[0] === program ? lit[1] : undefined} />
      ))}
      <p class="quiet">
        {t({ en: 'Point at a box, or go step by step: the line that caused it is lit.', zh: '指向方框或逐步前进：对应的那一行会亮起。' })}
      </p>
    </section>
  );
}

function LanguageChoice(): JSX.Element {
  return (
    <div class="choice" role="group" aria-label={t({ en: 'Language of the program', zh: '程序语言' })}>
      {(Object.keys(LANGUAGES) as ProgramLanguage[]).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={chosen.value === each}
          onClick={() => {
            chosen.value = each;
          }}
        >
          {LANGUAGES[each]}
        </button>
      ))}
    </div>
  );
}

interface ProgramProps {
  readonly name: string;
  readonly lines: readonly CodeLine[];
  readonly lit: number | undefined;
}

function Program({ name, lines, lit }: ProgramProps): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Scrolls only its own box, not the page.
    const line = lit === undefined ? undefined : list.current?.children[lit];
    if (list.current && line instanceof HTMLElement) list.current.scrollTop = line.offsetTop - list.current.clientHeight / 2;
  }, [lit]);
  return (
    <figure class="program">
      <figcaption>{name}</figcaption>
      <ol ref={list} tabIndex={0} aria-label={name}>
        {lines.map(({ text }, at) => (
          <li key={at} aria-current={at === lit ? 'step' : undefined}>
            <code>{text === '' ? '\n' : text}</code>
          </li>
        ))}
      </ol>
    </figure>
  );
}
