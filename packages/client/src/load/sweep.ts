/**
 * Calls `sweep` every `intervalMs`, to give up what was not answered in time. It is told how many milliseconds late it is called when that
 * is more than an interval, else 0: this process stood still so long, and what arrived meanwhile was not read. No answer is late for that.
 *
 * @returns The timer, for `clearInterval`.
 */
export function startSweep(intervalMs: number, sweep: (stoodMs: number) => void): NodeJS.Timeout {
  let dueMs = performance.now() + intervalMs;
  return setInterval(() => {
    const now = performance.now();
    const lateMs = now - dueMs;
    dueMs = now + intervalMs;
    sweep(lateMs > intervalMs ? lateMs : 0);
  }, intervalMs);
}
