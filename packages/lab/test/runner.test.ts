import { setImmediate as nextTurn } from 'node:timers/promises';
import { openHandles } from '@socklab/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alike, utf8 } from '../src/lab/base/text.ts';
import { defineExperiment } from '../src/lab/experiment.ts';
import { recvSizes } from '../src/lab/record/recv.ts';
import { runAll } from '../src/lab/run/run-all.ts';
import { runExperiment } from '../src/lab/run/runner.ts';
import { machine } from './machine.ts';
import type { Experiment } from '../src/lab/experiment.ts';
import type { Lab } from '../src/lab/lab.ts';

let before: readonly string[];

beforeEach(async () => {
  before = await openHandles();
});

afterEach(async () => expect(await openHandles()).toEqual(before));

function experimentThat(run: (lab: Lab, params: { readonly count: number }) => Promise<number>): Experiment<number> {
  return defineExperiment({
    id: 'some-experiment',
    lesson: 1,
    title: alike('Some'),
    question: alike('Is it 2?'),
    why: alike('It is. Always.'),
    params: { count: { default: 2, min: 1, max: 9, unit: 'count', help: alike('How many') } },
    run,
    verdict: (facts) => (facts === 2 ? 'yes' : 'no'),
    expected: () => 'yes',
    rows: (facts) => [{ label: alike('facts'), value: alike(`${facts}`) }],
  });
}

async function openEverything(lab: Lab): Promise<void> {
  const { sender, receiver } = await lab.tcpPair(recvSizes(1));
  sender.send(new Uint8Array(1_000_000));
  receiver.start();
  await lab.tcpPair(recvSizes(1));
  await lab.udpSocket();
}

test('reports what was measured, judged, and on which machine', async () => {
  const report = await runExperiment(
    experimentThat(async (_, { count }) => count),
    { machine },
  );
  expect(report).toEqual({
    id: 'some-experiment',
    lesson: 1,
    title: alike('Some'),
    question: alike('Is it 2?'),
    why: alike('It is. Always.'),
    params: { count: 2 },
    outcome: 'expected',
    answer: 'yes',
    expected: 'yes',
    facts: 2,
    rows: [{ label: alike('facts'), value: alike('2') }],
    flows: [],
    omittedFlows: 0,
    met: [],
    error: null,
    durationMs: expect.any(Number),
    machine,
  });
});

test('what was recorded before a run failed is in its report', async () => {
  const experiment = experimentThat(async (lab) => {
    const { sender, arrived } = await lab.tcpPair(recvSizes(1), { label: alike('the one') });
    sender.send(utf8('hello'));
    await arrived(5);
    throw new TypeError('broken');
  });
  const report = await runExperiment(experiment, { machine });
  expect(report).toMatchObject({ outcome: 'failed', flows: [{ id: 1, label: alike('the one'), totalBytes: 5 }] });
});

test('says so when the answer is not the expected one', async () => {
  const experiment = experimentThat(async (_, { count }) => count);
  const report = await runExperiment(experiment, { machine, params: { count: 3 } });
  expect(report).toMatchObject({ outcome: 'unexpected', answer: 'no', expected: 'yes', facts: 3, params: { count: 3 } });
});

test('refuses a parameter before anything runs', async () => {
  let hasRun = false;
  const experiment = experimentThat(async () => {
    hasRun = true;
    return 2;
  });
  await expect(runExperiment(experiment, { machine, params: { count: 10 } })).rejects.toMatchObject({ code: 'LAB_ERR_PARAMETER' });
  expect(hasRun).toBe(false);
});

test('closes everything when the run is done', async () => {
  const experiment = experimentThat(async (lab) => {
    await openEverything(lab);
    return 2;
  });
  await expect(runExperiment(experiment, { machine })).resolves.toMatchObject({ outcome: 'expected' });
});

test('closes everything when the run throws', async () => {
  const experiment = experimentThat(async (lab) => {
    await openEverything(lab);
    throw new TypeError('broken');
  });
  const report = await runExperiment(experiment, { machine });
  expect(report).toMatchObject({ outcome: 'failed', answer: null, facts: null, rows: [], error: 'broken' });
});

test('closes everything at the time limit, which is then the reason', async () => {
  const experiment = experimentThat(async (lab) => {
    await openEverything(lab);
    const { receiver } = await lab.tcpPair(recvSizes(1));
    receiver.start();
    return (await receiver.result()).length;
  });
  const report = await runExperiment(experiment, { machine, timeLimitMs: 50 });
  expect(report).toMatchObject({ outcome: 'failed', error: 'the run did not end within 50 ms (LAB_ERR_TIME_LIMIT)' });
});

test('ends at the time limit although the run never does', async () => {
  const experiment = experimentThat(async (lab) => {
    await openEverything(lab);
    return new Promise(() => undefined);
  });
  const report = await runExperiment(experiment, { machine, timeLimitMs: 50 });
  expect(report).toMatchObject({ outcome: 'failed', error: expect.stringContaining('LAB_ERR_TIME_LIMIT') });
});

test('a run left behind cannot open anything more', async () => {
  const late = Promise.withResolvers<unknown>();
  const experiment = experimentThat(async (lab) => {
    await new Promise((resolve) => lab.signal.addEventListener('abort', resolve));
    await nextTurn();
    late.resolve(await Promise.allSettled([lab.tcpPair(recvSizes(1)), lab.udpSocket()]));
    return 2;
  });
  const report = await runExperiment(experiment, { machine, timeLimitMs: 20 });
  expect(report.outcome).toBe('failed');
  const refused = { status: 'rejected', reason: expect.objectContaining({ code: 'LAB_ERR_TIME_LIMIT' }) };
  await expect(late.promise).resolves.toEqual([refused, refused]);
});

test('ends when it is called off', async () => {
  const controller = new AbortController();
  const experiment = experimentThat(async (lab) => {
    await openEverything(lab);
    controller.abort();
    return new Promise(() => undefined);
  });
  const report = await runExperiment(experiment, { machine, signal: controller.signal });
  expect(report).toMatchObject({ outcome: 'failed', error: 'the run was called off (LAB_ERR_ABORTED)' });
  const again = await runExperiment(experiment, { machine, signal: controller.signal });
  expect(again).toMatchObject({ outcome: 'failed', error: 'the run was called off (LAB_ERR_ABORTED)' });
});

test('several runs: each is told of, and one failure is enough', async () => {
  const good = experimentThat(async () => 2);
  const bad = experimentThat(async () => 3);
  const seen: string[] = [];
  const report = await runAll([good, bad, good], { machine, onRun: ({ outcome }) => seen.push(outcome) });
  expect(seen).toEqual(['expected', 'unexpected', 'expected']);
  expect(report).toMatchObject({ machine, isAsExpected: false, startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
  expect((await runAll([good], { machine })).isAsExpected).toBe(true);
});

test('several runs end with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new DOMException('ending', 'AbortError');
  const experiment = experimentThat(async () => {
    controller.abort(reason);
    return new Promise(() => undefined);
  });
  await expect(runAll([experiment, experiment], { machine, signal: controller.signal })).rejects.toBe(reason);
});
