import { ask, AskError } from './ask.ts';
import { isServiceGone } from './service-state.ts';

/** How often the page checks for the service: rarely while it is there, often while it is not. */
const CALM_MS = 5000;
const GONE_MS = 1000;

/** Checks for the service periodically while the page is visible, to show when it goes and returns. @returns a function that stops it. */
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

/** The request itself updates the state; a refusal is an answer. */
async function isThere(signal: AbortSignal): Promise<void> {
  try {
    await ask('GET /api/jobs', { signal });
  } catch (error) {
    if (!(error instanceof AskError) && !signal.aborted) throw error;
  }
}
