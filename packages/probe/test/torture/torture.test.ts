import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readReport, writeReport } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { textReport } from '../../src/report/text.ts';
import { torture } from '../../src/torture/torture.ts';
import type { ProbeReport } from '../../src/report/model.ts';
import type { TortureOptions } from '../../src/torture/options.ts';

const wrongDecoder = fileURLToPath(new URL('wrong-decoder.mjs', import.meta.url));
const nodeAdapter = fileURLToPath(new URL('../../adapters/node.mjs', import.meta.url));

function wrong(fault: string, options: Partial<TortureOptions> = {}): Promise<ProbeReport> {
  return torture({ framing: 'u32be', run: [process.execPath, wrongDecoder, fault], hangMs: 20_000, ...options });
}

function failing({ plans }: ProbeReport): readonly string[] {
  return plans.filter(({ fail }) => fail > 0).map(({ plan }) => plan);
}

/** The packages themselves are run from source: adapters import them by their names. */
const ours = [process.execPath, '--conditions=@socklab/source', nodeAdapter];

// One framing of each kind: corpus.test.ts has them all, in one process.
test.each(['u32be', 'protobuf', 'line', 'slip', 'content-length', 'websocket'])('our own decoder of %s passes', async (framing) => {
  const report = await torture({ framing, run: [...ours, framing], hangMs: 20_000 });
  expect(report.cases).toEqual([]);
  expect(report).toMatchObject({ outcome: 'pass', exchange: { name: 'torture', framing }, totals: { fail: 0, flaky: 0 } });
});

describe('the classic faults are found', () => {
  test.each([
    ['recv-is-message', 'recv-is-message', 'error-reply'],
    ['header-one-recv', 'header-one-recv', 'error-reply'],
    ['payload-one-recv', 'payload-one-recv', 'wrong-bytes'],
    ['first-message-only', 'first-message-only', 'missing-bytes'],
    ['leftover-lost', 'leftover-lost', 'error-reply'],
    ['no-limit', 'no-limit', 'extra-bytes'],
    ['end-unnoticed', 'end-unnoticed', 'not-refused'],
  ])('%s', async (fault, bug, failure) => {
    const report = await wrong(fault);
    expect(report).toMatchObject({ outcome: 'fail', diagnosis: { bug } });
    expect(report.cases[0]).toMatchObject({ kind: 'fail', verdict: { failure } });
  });

  test('a prefix of four bytes that is cut behind the third', async () => {
    const report = await torture({ framing: 'protobuf', run: [process.execPath, wrongDecoder, 'varint-cut'], hangMs: 20_000 });
    expect(report.outcome).toBe('fail');
    expect(failing(report)).toEqual(['header-cut', 'drip', 'limit-early']);
    const [first] = report.cases;
    expect(first).toMatchObject({
      verdict: { failure: 'wrong-bytes', detail: 'payload 1 of 1 is another one: 2097152 bytes were due, 0 came' },
    });
    expect(first?.where).toEqual(['a payload of 2097152 bytes', 'after byte 3 of the 4-byte length of frame 0']);
  });
});

test('a right decoder passes, and nothing is left out', async () => {
  const report = await wrong('right');
  expect(report).toMatchObject({ outcome: 'pass', notTried: [] });
  expect(textReport(report)).toMatch(/^PASS {2}all \d+ trials went well/m);
});

test('no check of the limit is told from one that is late', async () => {
  const report = await wrong('no-limit');
  expect(failing(report)).toEqual(['limit', 'limit-early']);
  expect(report.cases.find(({ trial }) => trial.plan === 'limit-early')?.verdict).toMatchObject({
    failure: 'not-refused',
    detail: 'it was refused only when the stream ended',
  });
});

test('a decoder that dies is started again, and of each kind of test only a few are spent on it', async () => {
  const report = await wrong('dies');
  const everyCut = report.plans.find(({ plan }) => plan === 'every-cut');
  expect(everyCut).toMatchObject({ planned: 2282, fail: 5 });
  expect(report.cases[0]).toMatchObject({ verdict: { failure: 'target-died', detail: 'the program ended: exit 7' } });
  expect(report.notTried).toContainEqual(expect.stringMatching(/^\d+ of 2282 tests of every-cut$/));
});

test('a decoder that does not answer is a hang', async () => {
  const report = await wrong('hangs', { only: 'every-cut#1', hangMs: 500 });
  expect(report.cases[0]).toMatchObject({ verdict: { failure: 'hang', detail: 'no answer within 500 ms' } });
});

test.each([
  ['babbles', 'it wrote "hello"; allowed: payload HEX, error TEXT and ok'],
  ['late', 'payload 1 of 1 was whole with chunk 1 and came only when the stream ended'],
])('a program that %s teaches nothing', async (fault, why) => {
  const report = await wrong(fault);
  expect(report).toMatchObject({ outcome: 'control-failed', control: { kind: 'failed', detail: expect.stringContaining(why) as string } });
});

test('one test alone is done, as its replay command says', async () => {
  const report = await wrong('header-one-recv', { replay: ['sticky-lab', 'torture', '--framing', 'u32be'], plans: ['drip'] });
  const [first] = report.cases;
  expect(first?.replay).toMatch(/^sticky-lab torture --framing u32be --only 'drip#0' -- \S+ \S+wrong-decoder\.mjs header-one-recv$/);
  expect((await wrong('header-one-recv', { only: 'drip#0' })).totals).toEqual({ pass: 0, fail: 1, unconfirmed: 0, flaky: 0 });
});

test('time that runs out withholds the pass', async () => {
  expect(await wrong('right', { maxTimeMs: 1 })).toMatchObject({ outcome: 'unconfirmed' });
});

test('the report is one of the probe: JSON that is read back, and JUnit', async () => {
  const report = await wrong('end-unnoticed');
  expect(readReport(writeReport(report))).toEqual(JSON.parse(JSON.stringify(report)));
  expect(junitReport(report)).toContain('<testsuite name="truncation" tests="24" failures="24"');
});

test.each([
  [{ run: ['/no/such/program'] }, 'PROBE_ERR_COMMAND'],
  [{ only: 'drip#9999' }, 'PROBE_ERR_NO_TRIALS'],
  [{ plans: ['dripp' as 'drip'] }, 'PROBE_ERR_PLAN'],
  [{ framing: 'raw' }, 'PROBE_ERR_FRAMING'],
])('%j is refused', async (options, code) => {
  await expect(wrong('right', options)).rejects.toMatchObject({ code });
});
