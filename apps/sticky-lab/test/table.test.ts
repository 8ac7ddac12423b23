import { expect, test } from 'vitest';
import { renderTable } from '../src/lab/table.ts';
import { failedRun, labReport, runReport, unexpectedRun } from './reports.ts';

test('shows each question with its answer, then what the sockets did', () => {
  expect(renderTable(labReport(runReport()))).toBe(`sticky-lab: what real sockets did, on Node.js v26.0.0, linux x64

#   answer  question
10  yes     Is it so? (some-experiment)
            sent      '哈', 'alex'
            recv(15)  '哈alex', ''

1 experiment in 2 ms: 1 as expected
`);
});

test('says which answer is not the expected one, and which experiment failed and why', () => {
  const table = renderTable(labReport(runReport(), unexpectedRun, failedRun));
  expect(table).toContain(`
11  no      Is it so? (unexpected-one)
            sent        '哈', 'alex'
            recv(15)    '哈alex', ''
            UNEXPECTED  the answer should be yes

12  failed  Is it so? (failed-one)
            FAILED  the run did not end within 50 ms (LAB_ERR_TIME_LIMIT)

3 experiments in 5 ms: 1 as expected, 1 UNEXPECTED, 1 FAILED
`);
});
