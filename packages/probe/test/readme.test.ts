import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readmeTable, tableFaults } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { MAX_FILE_BYTES, MAX_SEND_BYTES, MAX_STEPS } from '../src/exchange/limits.ts';
import {
  ALLOWABLE_FAILURES,
  DATAGRAM_FAILURES,
  DATAGRAM_PLANS,
  DATAGRAM_VERDICTS,
  exitCodeOf,
  FAILURE_KINDS,
  PLANS,
  PROBE_ERROR_CODES,
  VERDICT_KINDS,
} from '../src/index.ts';
import { MAX_CASES, MAX_REQUEST_BYTES } from '../src/report/model.ts';
import type { Outcome } from '../src/index.ts';

const README = 'packages/probe/README.md';
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test.runIf(process.platform === 'linux')('the example prints what the README says', async () => {
  const [, code = '', output] = /^```js\n(.*?)^```\n\n```text\n(.*?)^```$/ms.exec(readme) ?? [];
  const parameters = ['--conditions=@socklab/source', '--input-type=module', '--eval', code];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, parameters, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  expect(stderr).toBe('');
  expect(stdout).toBe(output);
});

test('the table of plans is the list', () => {
  const rows = PLANS.map(({ usage, needsFrames, summary }) => ({
    plan: usage,
    framing: needsFrames ? 'needed' : '',
    'what it does': summary,
  }));
  expect(tableFaults(README, 'Plans', rows)).toEqual([]);
});

test('the tables of datagrams are the lists', () => {
  expect(readmeTable(README, 'Plans of datagrams')).toEqual(
    DATAGRAM_PLANS.map(({ name, usage = name, summary }) => ({ plan: usage, 'what it does': summary })),
  );
  const allowable = readmeTable(README, 'Failures of datagrams').filter((row) => row['may be allowed'] === 'yes');
  expect(allowable.map(({ failure }) => failure)).toEqual(ALLOWABLE_FAILURES);
});

test.each([
  ['Verdicts of datagrams', 'verdict', DATAGRAM_VERDICTS],
  ['Failures of datagrams', 'failure', DATAGRAM_FAILURES],
  ['Verdicts of a trial', 'verdict', VERDICT_KINDS],
  ['Failures', 'failure', FAILURE_KINDS],
  ['Errors', 'code', PROBE_ERROR_CODES],
])('the table under %s has every %s, in order', (heading, column, names) => {
  const rows = names.map((name) => ({ [column]: name }));
  expect(tableFaults(README, heading, rows)).toEqual([]);
});

test('the table of outcomes has their exit codes', () => {
  const outcomes: Readonly<Record<Outcome, true>> = { pass: true, fail: true, unconfirmed: true, 'control-failed': true, flaky: true };
  const documented = readmeTable(README, 'Outcomes').map((row) => [row['outcome'], Number(row['exit code'])]);
  expect(documented).toEqual((Object.keys(outcomes) as Outcome[]).map((outcome) => [outcome, exitCodeOf(outcome)]));
});

test('the limits are those of the code', () => {
  const limits = readme.slice(readme.indexOf('\n## Limits\n')).replaceAll('\n', ' ');
  const mebibyte = 1_048_576;
  for (const limit of [
    `${MAX_SEND_BYTES / mebibyte} MiB, an exchange`,
    `${MAX_STEPS.toLocaleString('en')} steps`,
    `recording ${MAX_FILE_BYTES / mebibyte} MiB`,
    `first ${MAX_CASES} cases`,
    `${MAX_REQUEST_BYTES / 1024} KiB of a request`,
  ]) {
    expect(limits).toContain(limit);
  }
});
