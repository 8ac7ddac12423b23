import { readmeTable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { Jobs } from '../../src/http/jobs/jobs.ts';
import { createProbePage } from '../../src/pages/probe/probe-page.ts';
import { testApi } from './api-setup.ts';

test('the table of routes is what the service answers', async () => {
  const jobs = new Jobs();
  const probePage = createProbePage(jobs);
  const { app } = testApi({ jobs, probePage });
  // A handler that stands before others, as a guard does, is for all methods or for all paths.
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => `${method} ${path}`);
  const documented = readmeTable('apps/sticky-lab/README.md', 'API').map(({ route }) => route ?? '');
  expect(documented.toSorted(), 'write each route into the table "API" of apps/sticky-lab/README.md, and into its Chinese twin').toEqual(
    [...new Set(routes)].toSorted(),
  );
  await probePage.close();
});
