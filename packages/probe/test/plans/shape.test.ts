import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planTrials } from '../../src/plans/base/sequence.ts';
import { draftOfShape, shapeOf } from '../../src/plans/base/shape.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { PLANS } from '../../src/plans/registry.ts';
import { conversation, framedExchange, pipelined, twoFrames } from '../exchanges.ts';

test.each([
  [twoFrames, '2,7'],
  [twoFrames, '2,7/end'],
  [twoFrames, 'end'],
  [twoFrames, '2,7/pause300'],
  [twoFrames, '2/pause300/end'],
  [twoFrames, 'x3'],
  [twoFrames, 'x3@5,9,30'],
  [conversation, '1@5'],
  [conversation, '3/1@5'],
  [conversation, '0-1'],
  [conversation, '0-1@5'],
  [pipelined, 'x2'],
  [pipelined, 'x2@3,7'],
])('a trial made from a shape has that shape', (exchange, shape) => {
  expect(shapeOf(exchange, draftOfShape(exchange, shape))).toBe(shape);
});

test('the shape of any planned trial makes the same trial again', () => {
  const plans = PLANS.filter(({ name }) => name !== 'at' && name !== 'every-pair').map(({ usage }) => usage.replace('N', '2'));
  fc.assert(
    fc.property(framedExchange, fc.nat(), (exchange, pick) => {
      const campaign = planTrials(parsePlan(plans.join('+')), exchange);
      const trial = campaign.at(pick % campaign.count);
      const shape = shapeOf(exchange, trial);
      if (shape === '') return;
      const { steps, repeat } = draftOfShape(exchange, shape);
      expect({ steps, repeat }).toEqual({ steps: trial.steps, repeat: trial.repeat });
    }),
  );
});

test.each([
  ['', 'a shape is like'],
  ['a', 'a shape is like'],
  ['1,2,', 'a shape is like'],
  ['0', 'cuts of 13 bytes lie from 1 to 12'],
  ['13', 'cuts of 13 bytes lie from 1 to 12'],
  ['1@5', 'the exchange has the sends 0 to 0'],
  ['x0', '1 to 1000 rounds are allowed'],
  ['x1001', '1 to 1000 rounds are allowed'],
  ['x2@26', 'cuts of 26 bytes lie from 1 to 25'],
  ['x2@5/3', 'glued sends stand alone'],
  ['2/pause0', 'pauses of 1 to 30000 ms are allowed'],
  ['2-1', 'the exchange has the sends 0 to 0'],
])('the shape %j is refused', (shape, message) => {
  expect(() => draftOfShape(twoFrames, shape)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_PLAN', message: expect.stringContaining(message) as string }),
  );
});

test('rounds of several sends of which the first may not follow the last are refused', () => {
  expect(() => draftOfShape(conversation, 'x2')).toThrow(/only where its first one is marked "glue": true/);
});
