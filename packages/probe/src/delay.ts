import { setTimeout as resolveLater } from 'node:timers/promises';

/** Waits. @throws the signal's reason, once it aborts: the timer's own error would say nothing. */
export async function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await resolveLater(ms, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
