import { expect, test } from 'vitest';
import { fateOf } from '../../src/picture/fate.ts';
import { event, GLUED, helloAlex } from './picture-flow.ts';
import type { FlowEvent } from '../../src/picture/flow.ts';

const all = [event('write', 0, 0, 9), event('read', 1, 0, 9)];

function decoded(...ranges: readonly (readonly [start: number, end: number])[]): readonly FlowEvent[] {
  return [...all, ...ranges.map(([start, end]): FlowEvent => ({ type: 'message', us: 2, start, end, text: '' }))];
}

test('a flow is whole when all that was decoded was meant, and broken when something else came out', () => {
  expect(fateOf(helloAlex(decoded([0, 5], [5, 9])))).toBe('whole');
  expect(fateOf(helloAlex(decoded([0, 9])))).toBe('broken');
  expect(fateOf(helloAlex(decoded([0, 2])))).toBe('broken');
  expect(fateOf(helloAlex([...all, { type: 'fault', us: 2, start: 0, reason: { en: 'no', zh: '不' } }]))).toBe('broken');
});

test('nothing is said where nothing was decoded, or not all of it is kept', () => {
  expect(fateOf(GLUED)).toBeUndefined();
  expect(fateOf(helloAlex(decoded([0, 5]), { omittedEvents: 1 }))).toBeUndefined();
  expect(fateOf(helloAlex(decoded([0, 5]), { omittedMessages: 1 }))).toBeUndefined();
});
