/**
 * Two SIGINT within this time, in milliseconds, are one: `npm start` passes on the Ctrl-C that the terminal has already
 * sent to this process. Nobody asks for a second, harder stop that quickly.
 */
const SAME_KEY_PRESS_MS = 500;

/** The request to stop, as text. */
export type StopReason = 'Ctrl-C' | 'SIGTERM' | 'SIGHUP';

/** The signals that ask this process to stop. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Turns signals into requests to stop: calls `stop` for the first and for each later one, a doubled SIGINT counted once. */
export function createStopRequests(stop: (reason: StopReason) => void, now: () => number): (signal: StopSignal) => void {
  let lastInterrupt = Number.NEGATIVE_INFINITY;
  return (signal) => {
    const time = now();
    const isEcho = signal === 'SIGINT' && time - lastInterrupt < SAME_KEY_PRESS_MS;
    if (signal === 'SIGINT') lastInterrupt = time;
    if (!isEcho) stop(signal === 'SIGINT' ? 'Ctrl-C' : signal);
  };
}
