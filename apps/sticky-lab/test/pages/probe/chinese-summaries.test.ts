import { expect, test } from 'vitest';
import { MASKS_ZH, PLANS_ZH } from '../../../src/pages/probe/chinese-summaries.ts';
import { probeApi } from './probe-page-setup.ts';
import type { ProbeOffer } from '../../../src/pages/probe/contract.ts';

const FILE = 'apps/sticky-lab/src/pages/probe/chinese-summaries.ts';

test('every plan and every mask that the page offers has a summary in Chinese, and nothing else has', async () => {
  await using api = probeApi();
  const { plans, masks } = (await (await api.ask('/api/probe')).json()) as ProbeOffer;
  for (const [list, offered, summaries] of [
    ['PLANS_ZH', plans, PLANS_ZH],
    ['MASKS_ZH', masks, MASKS_ZH],
  ] as const) {
    const names = offered.map(({ name }) => name).toSorted();
    expect(Object.keys(summaries).toSorted(), `write what the page offers into ${list} of ${FILE}`).toEqual(names);
  }
});
