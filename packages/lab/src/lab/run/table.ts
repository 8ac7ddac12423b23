import stringWidth from 'string-width';
import { padded, wrapped } from './text-width.ts';
import type { Text } from '../../text.ts';
import type { LabReport } from './run-all.ts';
import type { Machine, RunOutcome, RunReport } from './runner.ts';

/** The languages that a table can be printed in. */
export type Language = keyof Text;

// Text that may contain wide characters (Chinese) is last in its line, or padded by its width in the terminal.
const LESSON_WIDTH = 4;
const ANSWER_WIDTH = 8;
const INDENT = ' '.repeat(LESSON_WIDTH + ANSWER_WIDTH);
interface Words {
  readonly head: (machine: Machine) => string;
  readonly answer: string;
  readonly question: string;
  readonly answers: Readonly<Record<'yes' | 'no' | 'failed', string>>;
  readonly counted: Readonly<Record<RunOutcome, (count: number) => string>>;
  readonly unexpected: { readonly label: string; readonly value: (expected: string) => string };
  readonly failed: string;
  readonly foot: (count: number, durationMs: number, outcomes: readonly string[]) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    head: ({ node, platform }) => `sticky-lab: what real sockets did, on Node.js ${node}, ${platform}`,
    answer: 'answer',
    question: 'question',
    answers: { yes: 'yes', no: 'no', failed: 'failed' },
    counted: {
      expected: (count) => `${count} as expected`,
      unexpected: (count) => `${count} UNEXPECTED`,
      failed: (count) => `${count} FAILED`,
    },
    unexpected: { label: 'UNEXPECTED', value: (expected) => `the answer should be ${expected}` },
    failed: 'FAILED',
    foot: (count, durationMs, outcomes) =>
      `${count} ${count === 1 ? 'experiment' : 'experiments'} in ${durationMs} ms: ${outcomes.join(', ')}`,
  },
  zh: {
    head: ({ node, platform }) => `sticky-lab：真实套接字的实际表现，Node.js ${node}，${platform}`,
    answer: '回答',
    question: '问题',
    answers: { yes: '是', no: '否', failed: '失败' },
    counted: {
      expected: (count) => `${count} 个符合预期`,
      unexpected: (count) => `${count} 个不符合预期`,
      failed: (count) => `${count} 个失败`,
    },
    unexpected: { label: '不符合预期', value: (expected) => `回答应为“${expected}”` },
    failed: '失败',
    foot: (count, durationMs, outcomes) => `${count} 个实验，用时 ${durationMs} 毫秒：${outcomes.join('，')}`,
  },
};

/** The first lines of the table. */
export function tableHead(machine: Machine, language: Language = 'en'): string {
  return headOf(WORDS[language].head(machine), language);
}

function headOf(title: string, language: Language): string {
  const { answer, question } = WORDS[language];
  return `${title}\n\n${columns('#', answer, question)}\n`;
}

/** The lines of one experiment: question and answer, then what the sockets did. */
export function tableRun(run: RunReport, language: Language = 'en'): string {
  const { answers, unexpected, failed } = WORDS[language];
  const title = columns(String(run.lesson), answers[run.answer ?? 'failed'], `${run.question[language]} (${run.id})`);
  const rows = run.rows.map(({ label, value }) => ({ label: label[language], value: value[language] }));
  if (run.outcome === 'unexpected') rows.push({ label: unexpected.label, value: unexpected.value(answers[run.expected]) });
  if (run.error !== null) rows.push({ label: failed, value: run.error });
  const labelWidth = Math.max(...rows.map(({ label }) => stringWidth(label)));
  const lines = rows.map(({ label, value }) => `${INDENT}${padded(label, labelWidth)}  ${value}`);
  return `${[title, ...lines].join('\n')}\n\n`;
}

/** The last line of the table. */
export function tableFoot(experiments: readonly RunReport[], language: Language = 'en'): string {
  const { counted, foot } = WORDS[language];
  const count = (wanted: RunOutcome): number => experiments.filter(({ outcome }) => outcome === wanted).length;
  const durationMs = Math.round(experiments.reduce((sum, run) => sum + run.durationMs, 0));
  const exceptions = (['unexpected', 'failed'] as const).filter((outcome) => count(outcome) > 0);
  const outcomes = ['expected' as const, ...exceptions].map((outcome) => counted[outcome](count(outcome)));
  return `${foot(experiments.length, durationMs, outcomes)}\n`;
}

/** A whole report as a table. */
export function renderTable({ machine, experiments }: LabReport, language: Language = 'en'): string {
  const runs = experiments.map((run) => tableRun(run, language)).join('');
  return tableHead(machine, language) + runs + tableFoot(experiments, language);
}

/** A report with one entry per experiment, at most `width` columns wide: number, answer, question, and failures below. */
export function renderSummary({ machine, experiments }: LabReport, width: number, language: Language = 'en'): string {
  const { answers, unexpected, failed, head } = WORDS[language];
  const title = wrapped(head(machine), width).join('\n');
  const blocks = experiments.flatMap((run) => {
    const lines = [...wrapped(run.question[language], width - INDENT.length)];
    const faults = run.outcome === 'unexpected' ? [`${unexpected.label}: ${unexpected.value(answers[run.expected])}`] : [];
    if (run.error !== null) faults.push(`${failed}: ${run.error}`);
    lines.push(...faults.flatMap((fault) => wrapped(fault, width - INDENT.length)));
    return lines.map((line, at) => (at === 0 ? columns(String(run.lesson), answers[run.answer ?? 'failed'], line) : INDENT + line));
  });
  return `${headOf(title, language)}${blocks.join('\n')}\n\n${tableFoot(experiments, language)}`;
}

function columns(lesson: string, answer: string, question: string): string {
  return lesson.padEnd(LESSON_WIDTH) + padded(answer, ANSWER_WIDTH) + question;
}
