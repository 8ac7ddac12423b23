import { parsePace } from '@socklab/probe';
import { expect, test } from 'vitest';
import { parseStreamPlan } from '../src/plan/stream-plan.ts';
import { flowSettings } from '../src/settings.ts';
import type { ProxySettings } from '../src/settings.ts';

function paceOf(plan: string, pace: string, direction: ProxySettings['direction'] = 'both'): string {
  const settings: ProxySettings = {
    plan: parseStreamPlan(plan),
    pace: parsePace(pace),
    seed: 1,
    direction,
    latency: { delayMs: 0, jitterMs: 0 },
    bytesPerSecond: Number.POSITIVE_INFINITY,
  };
  return flowSettings(settings, 'up', 1).pace.kind;
}

test('what passes waits for nothing, unless a pace is asked for', () => {
  expect(paceOf('pass', 'auto')).toBe('none');
  expect(paceOf('pass', 'drain')).toBe('drain');
  expect(paceOf('bytes:3', 'auto')).toBe('auto');
  expect(paceOf('bytes:3', 'auto', 'down')).toBe('none');
});
