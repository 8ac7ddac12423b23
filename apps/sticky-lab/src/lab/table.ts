import type { LabReport } from './run-all.ts';
import type { Machine, RunReport } from './runner.ts';

// Labels and answers are ASCII, what may be wide (Chinese) comes last in its line: so the columns stand
// without knowing how wide a terminal draws a character.
const LESSON_WIDTH = 4;
const ANSWER_WIDTH = 8;
const INDENT = ' '.repeat(LESSON_WIDTH + ANSWER_WIDTH);

/** The first lines of the table. */
export function tableHead({ node, platform }: Machine): string {
  return `sticky-lab: what real sockets did, on Node.js ${node}, ${platform}\n\n${columns('#', 'answer', 'question')}\n`;
}

/** The lines of one experiment: question and answer, then what the sockets did. */
export function tableRun(run: RunReport): string {
  const title = columns(String(run.lesson), run.answer ?? 'failed', `${run.question} (${run.id})`);
  const rows = run.rows.map(({ label, value }) => ({ label, value }));
  if (run.outcome === 'unexpected') rows.push({ label: 'UNEXPECTED', value: `the answer should be ${run.expected}` });
  if (run.error !== null) rows.push({ label: 'FAILED', value: run.error });
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const lines = rows.map(({ label, value }) => `${INDENT}${label.padEnd(labelWidth)}  ${value}`);
  return `${[title, ...lines].join('\n')}\n\n`;
}

/** The last line of the table. */
export function tableFoot(experiments: readonly RunReport[]): string {
  const count = (wanted: RunReport['outcome']): number => experiments.filter(({ outcome }) => outcome === wanted).length;
  const durationMs = Math.round(experiments.reduce((sum, run) => sum + run.durationMs, 0));
  const parts = [`${count('expected')} as expected`];
  if (count('unexpected') > 0) parts.push(`${count('unexpected')} UNEXPECTED`);
  if (count('failed') > 0) parts.push(`${count('failed')} FAILED`);
  const total = `${experiments.length} ${experiments.length === 1 ? 'experiment' : 'experiments'}`;
  return `${total} in ${durationMs} ms: ${parts.join(', ')}\n`;
}

/** A whole report as a table. */
export function renderTable({ machine, experiments }: LabReport): string {
  return tableHead(machine) + experiments.map(tableRun).join('') + tableFoot(experiments);
}

function columns(lesson: string, answer: string, question: string): string {
  return lesson.padEnd(LESSON_WIDTH) + answer.padEnd(ANSWER_WIDTH) + question;
}
