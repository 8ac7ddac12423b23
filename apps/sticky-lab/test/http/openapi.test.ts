import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, onTestFinished, test } from 'vitest';
import { Jobs } from '../../src/http/jobs/jobs.ts';
import { createProbePage } from '../../src/pages/probe/probe-page.ts';
import { testApi } from './api-setup.ts';
import type { OpenApiDocument } from '../../src/http/openapi.ts';

const document = async (): Promise<OpenApiDocument> => (await (await testApi().ask('/api/openapi.json')).json()) as OpenApiDocument;

test('GET /api/openapi.json is an OpenAPI 3.1 document', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate((await document()) as never);
  expect(errors).toBeUndefined();
  expect([valid, validator.version]).toEqual([true, '3.1']);
});

test('every route that is served is in it, and nothing else', async () => {
  const jobs = new Jobs();
  const probePage = createProbePage(jobs);
  onTestFinished(() => probePage.close());
  const served = testApi({ jobs, probePage }).app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'));
  const { paths } = await document();
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  const where = 'routes stand in src/contract.ts and are served by src/api.ts; write each into both';
  expect(described.toSorted(), where).toEqual([...new Set(served.map(({ method, path }) => `${method} ${path}`))].toSorted());
});

test('what may be sent is what checks it: limits, choices and defaults', async () => {
  const { paths } = await document();
  expect(paths['/api/probe/campaigns']?.['post']).toMatchObject({
    requestBody: {
      content: {
        'application/json': {
          schema: {
            required: ['target', 'request'],
            additionalProperties: false,
            properties: {
              target: { type: 'string', maxLength: 300 },
              plans: { type: 'string', default: 'thorough' },
              seed: { type: 'integer', default: 1 },
              concurrency: { type: 'integer', minimum: 1, default: 32 },
            },
          },
        },
      },
    },
  });
  expect(JSON.stringify(paths['/api/chats'])).toContain('"x-maxBytes":32');
});
