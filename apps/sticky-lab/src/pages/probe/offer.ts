import { framingsWithFrames, MASKS, PLANS, PRESETS } from '@socklab/probe';
import { AUTO_MASK } from '../../commands/probe/options/campaign-options.ts';
import { MASKS_ZH, PLANS_ZH } from './chinese-summaries.ts';
import { MAX_REQUEST_BYTES, MAX_TRIALS } from './limits.ts';
import { PRACTICE_SERVERS } from './practice/practice-servers.ts';
import type { ProbeOffer } from './contract.ts';
import type { Text } from '@socklab/lab';

/** What the form of the page offers. */
export const OFFER: ProbeOffer = {
  plans: [
    ...PRESETS.map(({ name, summary }) => ({ name, usage: name, summary: inBoth(PLANS_ZH, name, summary), needsFrames: false })),
    ...PLANS.map(({ name, usage, summary, needsFrames }) => ({ name, usage, summary: inBoth(PLANS_ZH, name, summary), needsFrames })),
  ],
  framings: framingsWithFrames,
  masks: [...MASKS, { name: AUTO_MASK, summary: 'whatever differs between uncut runs' }].map(({ name, summary }) => ({
    name,
    summary: inBoth(MASKS_ZH, name, summary),
  })),
  practice: PRACTICE_SERVERS.map(({ server: _server, ...offered }) => offered),
  maxRequestBytes: MAX_REQUEST_BYTES,
  maxTrials: MAX_TRIALS,
};

function inBoth(chinese: Readonly<Record<string, string>>, name: string, en: string): Text {
  const zh = chinese[name];
  if (zh === undefined) throw new RangeError(`"${name}" has no Chinese summary: write it in pages/probe/chinese-summaries.ts`);
  return { en, zh };
}
