import { expect, test } from 'vitest';
import { createTextQueue } from '../../src/operator/text-queue.ts';

test('texts are taken in order, those that came first and those that are waited for', async () => {
  const queue = createTextQueue(10);
  queue.add('one');
  const [first, second] = [queue.ask(), queue.ask()];
  queue.add('two');
  expect(await Promise.all([first, second])).toEqual(['one', 'two']);
});

test('beyond the limit a text is not kept', () => {
  const queue = createTextQueue(2);
  expect(['a', 'b', 'c'].map((text) => queue.add(text))).toEqual([true, true, false]);
});

test('the end comes after the last text', async () => {
  const queue = createTextQueue(10);
  queue.add('last');
  queue.end();
  expect([await queue.ask(), await queue.ask()]).toEqual(['last', undefined]);
  await queue.ended;
});

test('an aborted ask takes no text', async () => {
  const queue = createTextQueue(10);
  const cut = new AbortController();
  const asked = queue.ask(cut.signal);
  cut.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  await expect(queue.ask(cut.signal)).rejects.toThrow('enough');
  queue.add('kept');
  expect(await queue.ask()).toBe('kept');
});
