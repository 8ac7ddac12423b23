import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isReaderGone } from '../base/system-error.ts';

/** The meanings of SIGHUP. */
export interface HangupListener {
  /** The terminal of the output is gone. */
  hungUp(): void;
  /** It was sent by hand: read the configuration again. */
  asked(): void;
}

// Standard output and standard error.
const OUTPUTS = [1, 2];

/**
 * Listens for SIGHUP, which the system sends when a terminal closes and people send for a reload.
 * @returns Stops listening.
 */
export function onHangup(listener: HangupListener): () => void {
  // Checked now: a terminal that is gone is no longer a TTY.
  const terminals = OUTPUTS.filter((fd) => isatty(fd));
  const onSignal = (): void => {
    if (terminals.some(isGone)) listener.hungUp();
    else listener.asked();
  };
  process.on('SIGHUP', onSignal);
  return () => void process.off('SIGHUP', onSignal);
}

/** A terminal that was hung up refuses even an empty write. */
function isGone(fd: number): boolean {
  try {
    writeSync(fd, new Uint8Array(0));
    return false;
  } catch (error) {
    return isReaderGone(error);
  }
}
