import { expect, test } from 'vitest';
import { alike } from '../src/lab/base/text.ts';
import { renderSummary, renderTable } from '../src/lab/run/table.ts';
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

test('says the same in Chinese, in columns as wide as a terminal draws them', () => {
  const rows = [
    { label: { en: 'sent', zh: '发送' }, value: alike("'哈'") },
    { label: alike('recv(15)'), value: alike("'哈', ''") },
  ];
  expect(renderTable(labReport(runReport({ rows }), unexpectedRun, failedRun), 'zh'))
    .toBe(`sticky-lab：真实套接字的实际表现，Node.js v26.0.0，linux x64

#   回答    问题
10  是      是这样吗？ (some-experiment)
            发送      '哈'
            recv(15)  '哈', ''

11  否      是这样吗？ (unexpected-one)
            sent        '哈', 'alex'
            recv(15)    '哈alex', ''
            不符合预期  回答应为“是”

12  失败    是这样吗？ (failed-one)
            失败  the run did not end within 50 ms (LAB_ERR_TIME_LIMIT)

3 个实验，用时 5 毫秒：1 个符合预期，1 个不符合预期，1 个失败
`);
});

test('a summary is a line an experiment, or more where the terminal is narrower', () => {
  const report = labReport(runReport(), unexpectedRun, failedRun);
  const foot = '3 experiments in 5 ms: 1 as expected, 1 UNEXPECTED, 1 FAILED\n';
  expect(renderSummary(report, 80)).toBe(`sticky-lab: what real sockets did, on Node.js v26.0.0, linux x64

#   answer  question
10  yes     Is it so?
11  no      Is it so?
            UNEXPECTED: the answer should be yes
12  failed  Is it so?
            FAILED: the run did not end within 50 ms (LAB_ERR_TIME_LIMIT)

${foot}`);
  const narrow = renderSummary(report, 40).replace(foot, '').split('\n');
  expect(narrow.filter((line) => line.length > 40)).toEqual([]);
  expect(narrow.join(' ').replaceAll(/\s+/g, ' ')).toContain('FAILED: the run did not end within 50 ms (LAB_ERR_TIME_LIMIT)');
});

test('a Chinese summary breaks lines between characters, none of them beginning with a full stop', () => {
  const question = { en: '', zh: '一二三四五六七八九十？'.repeat(3) };
  const lines = renderSummary(labReport(runReport({ question })), 34, 'zh').split('\n');
  expect(lines.slice(4, 7)).toEqual([
    '10  是      一二三四五六七八九十？',
    '            一二三四五六七八九十？',
    '            一二三四五六七八九十？',
  ]);
});

test('pads by what a terminal draws: a joined character takes no column, an emoji two', () => {
  const rows = [
    { label: alike('🧵🧵'), value: alike('wide') },
    { label: alike('re\u0301cv'), value: alike('joined') },
  ];
  expect(renderTable(labReport(runReport({ rows })))).toContain(`
            🧵🧵  wide
            re\u0301cv  joined
`);
});
