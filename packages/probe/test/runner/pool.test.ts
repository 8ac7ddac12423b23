import { expect, test } from 'vitest';
import { runPool } from '../../src/runner/pool.ts';

test('a pool that waits for its rate rejects with the reason of its signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  let done = 0;
  const work = async (): Promise<void> => {
    done += 1;
    controller.abort(reason);
  };
  const options = { concurrency: 1, maxPerSecond: 0.01, isOver: () => false, signal: controller.signal };
  await expect(runPool([1, 2, 3], work, options)).rejects.toBe(reason);
  expect(done).toBe(1);
});

test('a pool that is aborted in the middle of a wait rejects with the reason too', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const running = runPool([1, 2], () => Promise.resolve(), {
    concurrency: 1,
    maxPerSecond: 0.01,
    isOver: () => false,
    signal: controller.signal,
  });
  // The first went at once, and the second waits for 100 s.
  await Promise.resolve();
  setImmediate(() => controller.abort(reason));
  await expect(running).rejects.toBe(reason);
});
