import { expect, test } from 'vitest';
import { parsePlan } from '../../src/plans/parse.ts';

function texts(plans: string): readonly string[] {
  return parsePlan(plans).map(({ text }) => text);
}

test('plans are joined with +, and the one of glue+cut does not part', () => {
  expect(texts('every-cut+glue:2')).toEqual(['every-cut', 'glue:2']);
  expect(texts('glue+cut')).toEqual(['glue+cut']);
  expect(texts('drip+glue+cut+every-cut')).toEqual(['drip', 'glue+cut', 'every-cut']);
  expect(texts('glue:2+glue+cut')).toEqual(['glue:2', 'glue+cut']);
  expect(texts('every-cut + boundary:-1,0,1')).toEqual(['every-cut', 'boundary:-1,0,1']);
});

test.each([
  ['', 'unknown plan ""'],
  ['every', 'unknown plan "every"; allowed: thorough  every-cut  every-pair'],
  ['every-cut+', 'unknown plan ""'],
  ['every-cut+every-cut', 'the plan every-cut is given twice'],
  ['every-cut:1', 'the plan every-cut takes nothing after it, received ":1"'],
  ['bytes', 'bytes:N takes a whole number from 1 to 16777216, received no number'],
  ['bytes:0', 'bytes:N takes a whole number from 1 to 16777216, received "0"'],
  ['bytes:1.5', 'received "1.5"'],
  ['bytes:1e3', 'received "1e3"'],
  ['random:10000001', 'random:N takes a whole number from 1 to 10000000, received "10000001"'],
  ['sizes:1,,3', 'sizes:1,3,7 takes a whole number from 1 to 16777216, received ""'],
  [`sizes:${Array.from({ length: 65 }, () => 1).join(',')}`, 'at most 64 sizes, received 65'],
  ['boundary', 'boundary:-1,0,1 takes a whole number'],
  ['boundary:65537', 'received "65537"'],
  ['glue:1', 'glue:N takes a whole number from 2 to 1000, received "1"'],
  ['glue', 'glue:N takes a whole number from 2 to 1000, received no number'],
  ['at', 'at:12,16 takes the offsets to cut at, received none'],
  ['constructor', 'unknown plan "constructor"'],
  [Array.from({ length: 65 }, (_, index) => `bytes:${index + 1}`).join('+'), '65 plans, limit 64'],
])('%s is refused and the message says why', (plans, message) => {
  expect(() => parsePlan(plans)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_PLAN', message: expect.stringContaining(message) as string }),
  );
});
