import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isReaderGone } from '../base/system-error.ts';

/** What SIGHUP can mean. */
export interface HangupListener {
  /** The terminal that was written to is gone. */
  hungUp(): void;
  /** Somebody sent it, who means: read your configuration again. */
  asked(): void;
}

// Standard output and standard error.
const OUTPUTS = [1, 2];

/**
 * Listens for SIGHUP, which the system sends when a terminal closes and people send for a reload.
 * @returns Stops listening.
 */
export function onHangup(listener: HangupListener): () => void {
  // Asked now: a terminal that is gone is none any more.
  const terminals = OUTPUTS.filter((fd) => isatty(fd));
  const onSignal = (): void => {
    if (terminals.some(isGone)) listener.hungUp();
    else listener.asked();
  };
  process.on('SIGHUP', onSignal);
  return () => void process.off('SIGHUP', onSignal);
}

/** A terminal that was hung up refuses even a write of nothing. */
function isGone(fd: number): boolean {
  try {
    writeSync(fd, new Uint8Array(0));
    return false;
  } catch (error) {
    return isReaderGone(error);
  }
}
