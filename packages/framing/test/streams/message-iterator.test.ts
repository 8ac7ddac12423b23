import { expect, test } from 'vitest';
import { MessageIterator } from '../../src/streams/message-iterator.ts';
import { isPending } from './turns.ts';

/** A source that is given messages by hand. */
function source(): {
  messages: string[];
  arrive: (...messages: string[]) => void;
  end: () => void;
  fail: (error: Error) => void;
  iterator: MessageIterator<string>;
  closed: () => number;
} {
  let closed = 0;
  const messages: string[] = [];
  const waiting = { resolve: (_isMore: boolean): void => undefined, reject: (_error: Error): void => undefined };
  const iterator = new MessageIterator<string>({
    take: () => messages.shift(),
    moreArrived: () =>
      new Promise((resolve, reject) => {
        waiting.resolve = resolve;
        waiting.reject = reject;
      }),
    close: () => {
      closed++;
      return undefined;
    },
  });
  return {
    messages,
    iterator,
    closed: () => closed,
    arrive: (...arrived) => {
      messages.push(...arrived);
      waiting.resolve(true);
    },
    end: () => waiting.resolve(false),
    fail: (error) => waiting.reject(error),
  };
}

const DONE = { value: undefined, done: true };
const message = (value: string): { value: string; done: false } => ({ value, done: false });

test('gives what is there at once, and waits for more', async () => {
  const { iterator, messages, arrive, end } = source();
  messages.push('one', 'two');
  expect([await iterator.next(), await iterator.next()]).toEqual([message('one'), message('two')]);
  const third = iterator.next();
  expect(await isPending(third)).toBe(true);
  arrive('three');
  expect(await third).toEqual(message('three'));
  const last = iterator.next();
  end();
  expect([await last, await iterator.next()]).toEqual([DONE, DONE]);
});

test('steps that are asked for at once come in order, and none is lost', async () => {
  const { iterator, arrive } = source();
  const steps = [iterator.next(), iterator.next(), iterator.next()];
  arrive('one', 'two', 'three');
  expect(await Promise.all(steps)).toEqual(['one', 'two', 'three'].map(message));
});

test('an error is thrown once, to the step that met it; then it is over', async () => {
  const { iterator, fail } = source();
  const steps = [iterator.next(), iterator.next()];
  fail(new Error('reset'));
  await expect(steps[0]).rejects.toThrow('reset');
  expect([await steps[1], await iterator.next()]).toEqual([DONE, DONE]);
});

test('an error of take() is thrown once, and closes the source before', async () => {
  let closed = false;
  const iterator = new MessageIterator<string>({
    take: () => {
      throw new Error('broken');
    },
    moreArrived: () => Promise.resolve(true),
    close: async () => {
      await Promise.resolve();
      closed = true;
      throw new Error('could not be closed either');
    },
  });
  await expect(iterator.next()).rejects.toThrow('broken');
  expect([closed, await iterator.next()]).toEqual([true, DONE]);
});

test('return() ends it, closes the source and takes nothing', async () => {
  const { iterator, messages, closed } = source();
  messages.push('one', 'two');
  for await (const value of iterator) {
    expect(value).toBe('one');
    break;
  }
  expect([await iterator.next(), messages, closed()]).toEqual([DONE, ['two'], 1]);
});

test('return() ends the step that waits, and nobody waits any longer', async () => {
  const waiting = Promise.withResolvers<boolean>();
  const iterator = new MessageIterator<string>({
    take: () => undefined,
    moreArrived: () => waiting.promise,
    stopWaiting: () => waiting.resolve(true),
  });
  const step = iterator.next();
  expect(await iterator.return()).toEqual(DONE);
  expect(await step).toEqual(DONE);
});
