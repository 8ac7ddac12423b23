import { useEffect, useRef, useState } from 'preact/hooks';
import { AskError } from '../../shell/ask.ts';
import type { RefObject } from 'preact';

/** The last request, and its result. */
export interface Attempt {
  /** A pressed button keeps the focus, so it is not disabled meanwhile: this prevents a second request. */
  readonly isUnderway: boolean;
  /** Why it was refused; nothing when it was not. */
  readonly error: AskError | undefined;
  readonly run: (request: () => Promise<void>) => Promise<void>;
}

/** Sends a request, and keeps the refusal. */
export function useAttempt(): Attempt {
  const [underway, setUnderway] = useState(0);
  const [error, setError] = useState<AskError | undefined>(undefined);
  const run = async (request: () => Promise<void>): Promise<void> => {
    setUnderway((count) => count + 1);
    setError(undefined);
    try {
      await request();
    } catch (reason) {
      if (!(reason instanceof AskError)) throw reason;
      setError(reason);
    } finally {
      setUnderway((count) => count - 1);
    }
  };
  return { isUnderway: underway > 0, error, run };
}

/** Moves the focus to the first field that was refused. @returns what the form is to be tied to. */
export function useRefusedFocus(error: AskError | undefined): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return form;
}
