import type { Program } from '@socklab/testkit';

/**
 * Runs in the program before its own code. Timers of 1 ms come once in a turn of the event loop, so what the thread computes between two
 * of them is what a turn may hold everybody else up. Processor time, not the clock: other processes of a busy machine do not count.
 */
const SOURCE = `
  import { writeSync } from 'node:fs';
  const cpuMs = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
  let last = cpuMs(), longestTurnMs = 0;
  process.on('SIGUSR2', () => { longestTurnMs = 0; });
  setInterval(() => { const now = cpuMs(); longestTurnMs = Math.max(longestTurnMs, now - last); last = now; }, 1).unref();
  process.on('exit', () => writeSync(2, JSON.stringify({ msg: 'turns', longestTurnMs }) + '\\n'));
`;

/** The environment of a program whose turns are measured. */
export const MEASURED_TURNS: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(SOURCE)}`,
};

/** Begins to measure: what came before, as the start of the program, does not count. */
export function measureTurns(program: Program): void {
  program.signal('SIGUSR2');
}

/** The longest turn of a program with {@link MEASURED_TURNS} that has ended, in milliseconds of processor time. */
export async function longestTurnMs(program: Program): Promise<number> {
  return Number((await program.log('turns'))['longestTurnMs']);
}
