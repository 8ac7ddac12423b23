/** The clock of one run, in whole microseconds. */
export interface RunClock {
  /** Microseconds since the clock was first asked. */
  now(): number;
  /** Finds out how the clock of the system runs beside this one; the function tells for a time in milliseconds since 1970 what this clock was at. */
  fromSystemTime(): (epochMs: number) => number;
}

/** `Date.now()` tells whole milliseconds: its change from one to the next was seen within this time, in milliseconds. */
const EXACT_ENOUGH_MS = 0.005;
const MAX_LOOKS = 4;

/** Creates a {@link RunClock}. */
export function createRunClock(): RunClock {
  let startedAt: number | undefined;
  const sinceStart = (ms: number): number => Math.round((ms - (startedAt ??= ms)) * 1000);
  return {
    now: () => sinceStart(performance.now()),
    fromSystemTime() {
      const ahead = systemClockAhead();
      return (epochMs) => sinceStart(epochMs - ahead);
    },
  };
}

/** How far the system's clock is ahead of the process's, in milliseconds. Takes at most four milliseconds. */
function systemClockAhead(): number {
  let best = nextTick();
  for (let looks = 1; looks < MAX_LOOKS && best.unsureMs > EXACT_ENOUGH_MS; looks++) {
    const tick = nextTick();
    if (tick.unsureMs < best.unsureMs) best = tick;
  }
  return best.ahead;
}

/** Waits for the next millisecond of the system's clock. */
function nextTick(): { readonly ahead: number; readonly unsureMs: number } {
  const last = Date.now();
  let before = performance.now();
  for (;;) {
    const epochMs = Date.now();
    const after = performance.now();
    if (epochMs !== last) return { ahead: epochMs - (before + after) / 2, unsureMs: after - before };
    before = after;
  }
}
