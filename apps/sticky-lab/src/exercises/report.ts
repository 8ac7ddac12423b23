import type { Exercise } from './exercise.ts';
import type { Grade } from './grade.ts';
import type { Language, Text } from '@socklab/lab';

interface Words {
  readonly task: string;
  readonly points: (points: number, max: number) => string;
  readonly passed: string;
  readonly failed: string;
  readonly notTried: string;
  readonly hint: (number: number, of: number) => string;
  readonly more: (hints: number) => string;
  readonly begin: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    task: 'task',
    points: (points, max) => `${points} of ${max} points`,
    passed: 'PASSED',
    failed: 'NOT YET',
    notTried: 'not tried',
    hint: (number, of) => `hint ${number} of ${of}`,
    more: (hints) => `the next hint: --hints ${hints}`,
    begin: 'begin with: sticky-lab exercise 1 -- python3 server.py {port}',
  },
  zh: {
    task: '任务',
    points: (points, max) => `${points} / ${max} 分`,
    passed: '通过',
    failed: '还没通过',
    notTried: '未检查',
    hint: (number, of) => `提示 ${number}/${of}`,
    more: (hints) => `下一条提示：--hints ${hints}`,
    begin: '开始：sticky-lab exercise 1 -- python3 server.py {port}',
  },
};

/** All exercises, a few lines each. */
export function listText(exercises: readonly Exercise[], language: Language): string {
  const items = exercises.map(
    ({ number, id, title, task }) => `${String(number).padStart(2)}  ${title[language]} (${id})\n    ${task[language]}\n`,
  );
  return `${items.join('')}\n${WORDS[language].begin}\n`;
}

/** A grade for people: each check, what was seen, the points, and this many hints. */
export function gradeText(
  grade: Grade,
  { task, hints }: Pick<Exercise, 'task' | 'hints'>,
  { language, hintCount }: GradeTextOptions,
): string {
  const words = WORDS[language];
  const checks = grade.checks.flatMap(({ name, points, isMet, isTried, story }) => [
    `  ${isMet ? '✓' : isTried ? '✗' : '·'} ${name[language]}: ${isTried ? words.points(isMet ? points : 0, points) : words.notTried}`,
    ...(story === null ? [] : [`      ${story[language]}`]),
  ]);
  const lines = [
    `${grade.exercise}. ${grade.title[language]} (${grade.id})`,
    `${words.task}: ${task[language]}`,
    ...checks,
    `${grade.isPassed ? words.passed : words.failed}: ${words.points(grade.points, grade.maxPoints)}`,
    ...(grade.isPassed ? [] : hintLines(hints, language, hintCount)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Options of {@link gradeText}. */
export interface GradeTextOptions {
  readonly language: Language;
  readonly hintCount: number;
}

function hintLines(hints: readonly Text[], language: Language, count: number): readonly string[] {
  const words = WORDS[language];
  const shown = hints.slice(0, count).map((hint, at) => `${words.hint(at + 1, hints.length)}: ${hint[language]}`);
  return count < hints.length ? [...shown, words.more(count + 1)] : shown;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A grade as JUnit XML, for a teacher's CI: one case a check. */
export function gradeJunit({ id, checks }: Grade): string {
  const count = (isCounted: (check: Grade['checks'][number]) => boolean): number => checks.filter(isCounted).length;
  const failures = count(({ isMet, isTried }) => isTried && !isMet);
  const cases = checks.map(({ name, isMet, isTried, story }) => {
    const open = `    <testcase classname="${id}" name="${escaped(name.en)}"`;
    if (isMet) return `${open}/>`;
    return isTried ? `${open}><failure message="${escaped(story?.en ?? '')}"/></testcase>` : `${open}><skipped/></testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="sticky-lab exercise">',
    `  <testsuite name="${id}" tests="${checks.length}" failures="${failures}" skipped="${count(({ isTried }) => !isTried)}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? '').replaceAll(/\p{Cc}/gu, ' ');
}
