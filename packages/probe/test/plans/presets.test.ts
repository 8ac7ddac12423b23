import { describe, expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { cutsOf } from '../../src/plans/base/segmentation.ts';
import { planTrials } from '../../src/plans/base/sequence.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { PRESETS } from '../../src/plans/presets.ts';
import { conversation, oneFrame, prefixed, twoFrames, utf8 } from '../exchanges.ts';
import type { PlanOptions } from '../../src/plans/base/sequence.ts';
import type { Exchange } from '../../src/types.ts';

function planned(exchange: Exchange, plans = 'thorough', options?: PlanOptions): readonly string[] {
  return planTrials(parsePlan(plans), exchange, options).plans.map(({ plan, count }) => `${plan} ${count}`);
}

function untried(exchange: Exchange, options?: PlanOptions): readonly string[] {
  return planTrials(parsePlan('thorough'), exchange, options).plans.flatMap((plan) => plan.untried ?? []);
}

test('the summary of a preset names its plans', () => {
  for (const { summary, plans } of PRESETS) for (const { text } of plans) expect(summary).toContain(text);
});

const SAME = 'two connections with different bytes: all send the same, {{trial}} in a send makes them differ';

describe('thorough', () => {
  test('cuts once and often, glues, and cuts at frames where they are known', () => {
    expect(planned(oneFrame)).toEqual([
      'every-cut 9',
      'drip 1',
      'bytes:2 1',
      'bytes:3 1',
      'glue:2 1',
      'glue+cut 18',
      'prefix 4',
      'boundary:-1,0,1 5',
      'interleave 5',
      'pause:500ms 5',
    ]);
    expect(untried(oneFrame)).toEqual([SAME]);
  });

  test('does without frames, and says so', () => {
    expect(planned(requestExchange(utf8('hello')))).toContain('prefix 0');
    expect(new Set(untried(requestExchange(utf8('hello'))))).toEqual(new Set(['cuts at frames: no framing was given', SAME]));
  });

  test('glues nothing where two rounds go wrong uncut, or the connection ends, and says so', () => {
    const fault = { repeatFault: 'two rounds go wrong' };
    expect(planned(twoFrames, 'thorough', fault)).toContain('glue:2 0');
    expect(untried(twoFrames, fault)).toContain('a second request in the same write: two rounds go wrong');
    expect(untried(oneFrame, { isReusable: false })).toContain('a second request in the same write: the connection ends with the answer');
    expect(planned(conversation, 'thorough', fault)).toContain('glue:2 1');
  });

  test('leaves a plan that is named too as it was named', () => {
    const long = requestExchange(new Uint8Array(10_000));
    expect(planned(long, 'thorough+every-cut+random:5')).toEqual(expect.arrayContaining(['every-cut 9999', 'random:5 5']));
    expect(() => parsePlan('thorough+thorough')).toThrow(/the plan thorough is given twice/);
    expect(() => parsePlan('thorough:2')).toThrow(/unknown plan "thorough"/);
  });

  test('does each single cut of 4 KiB, and a fair share of more, those at line ends among them', () => {
    expect(planned(requestExchange(new Uint8Array(4097)))[0]).toBe('every-cut 4096');
    const bytes = new Uint8Array(65_536).fill(0x78);
    bytes.set(utf8('\r\n'), 40_000);
    const trials = [...planTrials(parsePlan('thorough'), requestExchange(bytes), { seed: 3 })].filter(({ plan }) => plan === 'every-cut');
    const cuts = trials.map(({ steps }) => (steps[0]?.kind === 'burst' ? cutsOf(steps[0])[0]! : 0));
    expect(new Set(cuts).size).toBe(trials.length);
    expect(trials.length).toBeGreaterThan(2000);
    expect(trials.length).toBeLessThanOrEqual(4096);
    expect(cuts).toEqual(expect.arrayContaining([1, 40_000, 40_001, 40_002, 65_535]));
    const gaps = cuts.map((cut, index) => cut - (cuts[index - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(70);
  });

  test('drips the beginning and the end of what is long, and says how much it leaves out', () => {
    const long = requestExchange(new Uint8Array(10_000));
    const campaign = planTrials(parsePlan('thorough'), long);
    const drip = [...campaign].find(({ plan }) => plan === 'drip')!.steps[0]!;
    const cuts = drip.kind === 'burst' ? cutsOf(drip) : [];
    expect(cuts).toEqual([...Array.from({ length: 128 }, (_, cut) => cut + 1), ...Array.from({ length: 128 }, (_, cut) => 9872 + cut)]);
    expect(untried(long)).toEqual(expect.arrayContaining(['9743 of 9999 cuts of drip', '4743 of 4999 cuts of bytes:2']));
  });

  test('takes one of each part where boundaries are many, the same ones for the same seed', () => {
    const many = requestExchange(prefixed(...Array.from({ length: 300 }, () => 'hi')), { framing: 'u32be' });
    expect(planned(many)).toEqual(expect.arrayContaining(['glue+cut 1000', 'boundary:-1,0,1 1000']));
    expect(untried(many).join('; ')).toBe(
      '1543 of 1799 cuts of drip; 643 of 899 cuts of bytes:2; 343 of 599 cuts of bytes:3; 3500 of 4500 trials of glue+cut; ' + SAME,
    );
    const ids = (seed: number) => JSON.stringify([...planTrials(parsePlan('thorough'), many, { seed })]);
    expect(ids(1)).toBe(ids(1));
  });
});
