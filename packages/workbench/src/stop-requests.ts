/**
 * Two SIGINT within this time, in milliseconds, are one: `npm start` passes on the Ctrl-C that the terminal has sent to this
 * process already. Nobody asks for a second, harder stop that quickly.
 */
const SAME_KEY_PRESS_MS = 500;

/** Turns signals into requests to stop: calls `stop` for the first and for each later one, a doubled SIGINT counted once. */
export function createStopRequests(stop: () => void, now: () => number): (signal: NodeJS.Signals) => void {
  let lastInterrupt = Number.NEGATIVE_INFINITY;
  return (signal) => {
    const time = now();
    const isEcho = signal === 'SIGINT' && time - lastInterrupt < SAME_KEY_PRESS_MS;
    if (signal === 'SIGINT') lastInterrupt = time;
    if (!isEcho) stop();
  };
}
