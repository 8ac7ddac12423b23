import { ask, AskError } from './ask.ts';
import { isServiceGone } from './service-state.ts';

/** How often the page looks whether the service is there: seldom while it is, often once it is not. */
const CALM_MS = 5000;
const GONE_MS = 1000;

/** Looks for the service now and then while the page is seen, so that it is told when the service goes and comes back. @returns what ends it. */
export function watchService(): () => void {
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    if (!document.hidden) await isThere(ending.signal);
    if (!ending.signal.aborted) timer = setTimeout(() => void look(), isServiceGone.value ? GONE_MS : CALM_MS);
  };
  timer = setTimeout(() => void look(), CALM_MS);
  return () => {
    ending.abort();
    clearTimeout(timer);
  };
}

/** Asking tells the page by itself whether the service answers; a refusal is an answer. */
async function isThere(signal: AbortSignal): Promise<void> {
  try {
    await ask('GET /api/jobs', { signal });
  } catch (error) {
    if (!(error instanceof AskError) && !signal.aborted) throw error;
  }
}
