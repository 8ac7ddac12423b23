import { expect, test } from 'vitest';
import { createWatch } from '../src/waiting/watch.ts';

const describe = (): string => 'what came';

test('resolves at once when the condition holds, also after the end', async () => {
  const watch = createWatch({ describe });
  expect(await watch.until('it', () => 1)).toBe(1);
  watch.ended('it is over');
  expect(await watch.until('it', () => 2)).toBe(2);
});

test('resolves with the change that makes the condition hold, each wait by its own', async () => {
  const watch = createWatch({ describe });
  let value = 0;
  const one = watch.until('one', () => (value >= 1 ? 'one' : undefined));
  const two = watch.until('two', () => (value >= 2 ? 'two' : undefined));
  value = 1;
  watch.changed();
  expect(await one).toBe('one');
  value = 2;
  watch.changed();
  expect(await two).toBe('two');
});

test('rejects open and later waits at the end, naming what was awaited, why not, and what came', async () => {
  const watch = createWatch({ describe });
  const open = watch.until('a reply', () => undefined);
  watch.ended('it is over');
  await expect(open).rejects.toThrow('waited for a reply, but it is over\nwhat came');
  await expect(watch.until('more', () => undefined)).rejects.toThrow('waited for more, but it is over');
});

test('rejects with an error as it is', async () => {
  const watch = createWatch({ describe });
  const failure = new Error('reset');
  watch.ended(failure);
  await expect(watch.until('a reply', () => undefined)).rejects.toBe(failure);
});

test('rejects at the deadline', async () => {
  const watch = createWatch({ describe, deadlineMs: 1 });
  await expect(watch.until('a reply', () => undefined)).rejects.toThrow('did not come within 1 ms\nwhat came');
});

test('a condition that throws fails its own wait only', async () => {
  const watch = createWatch({ describe });
  let changes = 0;
  const broken = watch.until('it', () => {
    if (changes > 0) throw new TypeError('broken');
    return undefined;
  });
  const sound = watch.until('it', () => (changes > 0 ? 'there' : undefined));
  changes = 1;
  watch.changed();
  await expect(broken).rejects.toThrow(TypeError);
  expect(await sound).toBe('there');
});
