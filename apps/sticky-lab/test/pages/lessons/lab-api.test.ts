import { experiments, describeExperiment } from '@socklab/lab';
import { machine } from '@socklab/lab/testing';
import { describe, expect, test } from 'vitest';
import { LESSON_CODE } from '../../../src/pages/lessons/lesson-code.ts';
import { testApi } from '../../http/api-setup.ts';
import type { JobStarted, JobWithResult } from '../../../src/http/jobs/contract.ts';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { RunReport } from '@socklab/lab';

/** Runs an experiment by the API; its report. */
async function run(id: string, body: object): Promise<RunReport> {
  const { post, ask, jobs } = testApi({ experiments, machine });
  const { job } = (await (await post(`/api/experiments/${id}/runs`, body)).json()) as JobStarted;
  await jobs.get(job.id)?.ended;
  const { result } = (await (await ask(`/api/jobs/${job.id}`)).json()) as JobWithResult;
  return result as RunReport;
}

test('GET /api/lab tells what there is to run, with all parameters, in the order of the lessons', async () => {
  const response = await testApi({ experiments, machine }).ask('/api/lab');
  expect(response.status).toBe(200);
  const description = (await response.json()) as LabDescription;
  expect(description).toEqual({ machine, experiments: experiments.map(describeExperiment), programs: LESSON_CODE });
  const twoSends = description.experiments.find(({ id }) => id === 'two-sends-merge');
  expect(twoSends?.params['readBytes']).toMatchObject({
    default: 15,
    min: 1,
    max: 65_536,
    unit: 'bytes',
    help: { zh: expect.any(String) },
  });
});

test('a run has the parameters it is given, and what was recorded', async () => {
  const report = await run('two-sends-merge', { params: { readBytes: 9 } });
  expect(report).toMatchObject({ params: { readBytes: 9 }, omittedFlows: 0 });
  expect(report.flows).toMatchObject([{ id: 1, transport: 'tcp', totalBytes: 9 }]);
});

describe('what is refused names its field, in both languages', () => {
  test.each([
    [
      'too large a value',
      { params: { readBytes: 70_000 } },
      'params.readBytes',
      'allowed: whole numbers from 1 to 65536',
      '允许 1 到 65536 的整数（字节）',
    ],
    ['a fraction', { params: { readBytes: 1.5 } }, 'params.readBytes', 'is 1.5', '1.5'],
    ['no such parameter', { params: { nope: 1 } }, 'params.nope', 'it has readBytes', '没有参数 "nope"'],
  ])('%s', async (_, body, field, en, zh) => {
    const response = await testApi({ experiments }).post('/api/experiments/two-sends-merge/runs', body);
    expect(response.status).toBe(422);
    await expect(response.json()).resolves.toEqual({ field, error: expect.stringContaining(en), zh: expect.stringContaining(zh) });
  });
});
