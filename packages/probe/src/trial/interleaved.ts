import type { Trial } from '../types.ts';

/** Whether a trial is done by two connections whose pieces alternate. */
export function isInterleaved({ steps }: Trial): boolean {
  return steps.some((step) => step.kind === 'burst' && step.isInterleaved === true);
}

/** Plays one of the two connections; `between` is awaited behind its first piece. */
export type PlaySide<Result> = (between: () => Promise<void>) => Promise<Result>;

/**
 * Plays two connections in turns: the first piece of one, the first piece of the other, the rest of the one and its answer, then the rest
 * of the other. One that ends before its turn lets the other go on.
 *
 * @returns what came of both, after both are over.
 * @throws what the first of them to fail throws, after both are over.
 */
export async function playInterleaved<Result>(one: PlaySide<Result>, other: PlaySide<Result>): Promise<readonly [Result, Result]> {
  const oneReady = Promise.withResolvers<void>();
  const otherReady = Promise.withResolvers<void>();
  const oneDone = Promise.withResolvers<void>();
  const first = one(() => {
    oneReady.resolve();
    return otherReady.promise;
  }).finally(() => {
    oneReady.resolve();
    oneDone.resolve();
  });
  const second = oneReady.promise
    .then(() =>
      other(() => {
        otherReady.resolve();
        return oneDone.promise;
      }),
    )
    .finally(() => otherReady.resolve());
  const [left, right] = await Promise.allSettled([first, second]);
  if (left.status === 'rejected') throw left.reason;
  if (right.status === 'rejected') throw right.reason;
  return [left.value, right.value];
}
