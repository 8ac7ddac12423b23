/**
 * Connections in progress at the same time: fewer than the 511 of a Node.js server's backlog, because one that finds it
 * full is retried only after a second.
 */
const CONNECTING_AT_ONCE = 128;

/** Opens `count` connections, a few at a time; `open` never rejects. Opens no more once the signal aborts. */
export async function openAll(count: number, open: (index: number) => Promise<void>, signal?: AbortSignal): Promise<void> {
  let next = 0;
  const openNext = async (): Promise<void> => {
    if (next === count || signal?.aborted === true) return;
    next += 1;
    await open(next - 1);
    await openNext();
  };
  await Promise.all(Array.from({ length: Math.min(count, CONNECTING_AT_ONCE) }, openNext));
}
