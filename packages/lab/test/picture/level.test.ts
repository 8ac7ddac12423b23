import { expect, test } from 'vitest';
import { levelOf } from '../../src/picture/level.ts';
import { event, helloAlex } from './picture-flow.ts';

test('the level rises with what is written and falls with what is read, to scale in time and bytes', () => {
  const flow = helloAlex([event('write', 100, 0, 5), event('write', 200, 5, 9), event('read', 300, 0, 3), event('read', 500, 3, 9)]);
  const level = levelOf(flow, 400, 90)!;
  expect(level).toMatchObject({ most: 9, left: 0, durationUs: 400 });
  const corners = level.points.filter(({ y }, at) => y !== level.points[at - 1]?.y).map(({ x, y }) => [x, y]);
  expect(corners).toEqual([
    [0, 90],
    [0, 40],
    [100, 0],
    [200, 30],
    [400, 90],
  ]);
});

test('what is left at the end was never read', () => {
  const lost = helloAlex([event('write', 0, 0, 5), event('write', 1, 5, 9), event('read', 2, 0, 5)], { transport: 'udp' });
  expect(levelOf(lost, 100, 50)).toMatchObject({ most: 9, left: 4 });
});

test('nothing is drawn of what a proxy saw, where not all is kept, and where nothing was written', () => {
  expect(levelOf(helloAlex([event('came', 0, 0, 5)], { seenBy: 'proxy' }), 100, 50)).toBeUndefined();
  expect(levelOf(helloAlex([event('write', 0, 0, 5)], { omittedEvents: 1 }), 100, 50)).toBeUndefined();
  expect(levelOf(helloAlex([]), 100, 50)).toBeUndefined();
});

test('no more points are drawn than there are pixels, and the highest is among them', () => {
  const events = Array.from({ length: 20_000 }, (_, at) => event(at % 2 === 0 ? 'write' : 'read', at, 0, at === 9998 ? 700 : 1));
  const level = levelOf(helloAlex(events), 200, 50)!;
  expect(level.points.length).toBeLessThanOrEqual(3 * 201);
  expect(level.most).toBe(700);
  expect(Math.min(...level.points.map(({ y }) => y))).toBe(0);
});
