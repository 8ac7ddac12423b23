import { alike } from '../src/lab/base/text.ts';
import type { LabReport } from '../src/lab/run/run-all.ts';
import type { RunReport } from '../src/lab/run/runner.ts';

/** A run as the reports get it, with what differs. */
export function runReport(differs: Partial<RunReport> = {}): RunReport {
  return {
    id: 'some-experiment',
    lesson: 10,
    title: { en: 'Some', zh: '某个' },
    question: { en: 'Is it so?', zh: '是这样吗？' },
    why: { en: 'It is so. It always was.', zh: '就是这样。一直如此。' },
    params: {},
    outcome: 'expected',
    answer: 'yes',
    expected: 'yes',
    facts: { reads: ['哈'] },
    rows: [
      { label: alike('sent'), value: alike("'哈', 'alex'") },
      { label: alike('recv(15)'), value: alike("'哈alex', ''") },
    ],
    flows: [],
    omittedFlows: 0,
    met: [],
    error: null,
    durationMs: 1.5,
    machine: { node: 'v26.0.0', platform: 'linux x64' },
    ...differs,
  };
}

/** A report of these runs. */
export function labReport(...experiments: readonly RunReport[]): LabReport {
  return {
    machine: { node: 'v26.0.0', platform: 'linux x64' },
    startedAt: '2026-01-02T03:04:05.678Z',
    isAsExpected: experiments.every(({ outcome }) => outcome === 'expected'),
    experiments,
  };
}

/** A run that gave another answer than the lesson says. */
export const unexpectedRun: RunReport = runReport({ id: 'unexpected-one', lesson: 11, outcome: 'unexpected', answer: 'no' });

/** A run without a result. */
export const failedRun: RunReport = runReport({
  id: 'failed-one',
  lesson: 12,
  outcome: 'failed',
  answer: null,
  facts: null,
  rows: [],
  error: 'the run did not end within 50 ms (LAB_ERR_TIME_LIMIT)',
});
