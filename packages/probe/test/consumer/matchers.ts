// A test suite that has the package from npm, beside vitest.

import { matchers } from '@socklab/probe/vitest';
import { expect, test } from 'vitest';
import type { ProbeReport } from '@socklab/probe';

expect.extend(matchers);

/** A test that a report passes or fails. */
export function survives(report: () => Promise<ProbeReport>): void {
  test('survives any segmentation', async () => {
    expect(await report()).toSurvive({ unconfirmed: true });
  });
}
