import { expect, test } from 'vitest';
import { createExchange } from '../../src/exchange/create.ts';
import { planTrials } from '../../src/plans/base/sequence.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { createCauses } from '../../src/runner/causes.ts';
import { oneFrame, utf8 } from '../exchanges.ts';
import type { Exchange, Trial } from '../../src/types.ts';

function trial(plan: string, exchange: Exchange = oneFrame): Trial {
  return planTrials(parsePlan(plan), exchange).at(0);
}

test('whatever cuts where a smaller failure does has the same cause', () => {
  const causes = createCauses(oneFrame);
  causes.add(trial('at:5'), trial('at:5'), 'hang');
  for (const plan of ['at:5', 'at:2,5', 'drip', 'at:x2@5', 'at:x2@15']) expect(causes.of(trial(plan), 'hang')).toBe('at:5#0');
  for (const plan of ['at:2,6', 'at:x2@10', 'glue:2']) expect(causes.of(trial(plan), 'hang')).toBeUndefined();
  expect(causes.of(trial('drip'), 'reset')).toBeUndefined();
});

test('what is lost because of glue is a part only of what glues the same', () => {
  const causes = createCauses(oneFrame);
  causes.add(trial('at:x3@5'), trial('glue:2'), 'hang');
  expect(causes.of(trial('at:x2@5,12'), 'hang')).toBe('at:x3@5#0');
  for (const plan of ['glue:3', 'drip', 'at:5']) expect(causes.of(trial(plan), 'hang')).toBeUndefined();
});

test('cuts are those of their send', () => {
  const exchange = createExchange({ steps: [{ send: utf8('one') }, { send: utf8('two') }] });
  const causes = createCauses(exchange);
  causes.add(trial('at:1@2', exchange), trial('at:1@2', exchange), 'hang');
  expect(causes.of(trial('at:0-1@5', exchange), 'hang')).toBe('at:1@2#0');
  expect(causes.of(trial('at:0@2', exchange), 'hang')).toBeUndefined();
});
