/**
 * Runs in the program before its own code. Timers of 1 ms come once in a turn of the event loop, so what the thread computes between two
 * of them is what a turn may hold everybody else up. Processor time, not the clock: other processes of a busy machine do not count.
 */
const SOURCE = `
  import { writeSync } from 'node:fs';
  const cpuMs = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
  let last = cpuMs(), longestTurnMs = 0;
  const look = () => { const now = cpuMs(); longestTurnMs = Math.max(longestTurnMs, now - last); last = now; };
  const report = () => { look(); writeSync(2, JSON.stringify({ msg: 'turns', longestTurnMs }) + '\\n'); longestTurnMs = 0; };
  setInterval(look, 1).unref();
  process.on('SIGUSR2', report).on('exit', report);
`;

/**
 * Arguments of a Node.js that measures the turns of its event loop. At SIGUSR2, and at its end, it writes a line to standard error,
 * `{"msg":"turns","longestTurnMs":12.3}`: the longest turn since the last such line, in milliseconds of processor time.
 */
export const MEASURED_TURNS: readonly string[] = ['--import', `data:text/javascript,${encodeURIComponent(SOURCE)}`];

/** Asks a program started with {@link MEASURED_TURNS} for its longest turn. */
export class TurnMeter {
  #asked: PromiseWithResolvers<number> | undefined;

  /** Takes the next line of the program, of standard error too. */
  note(line: string): void {
    if (!line.startsWith('{"msg":"turns"')) return;
    this.#asked?.resolve((JSON.parse(line) as { readonly longestTurnMs: number }).longestTurnMs);
    this.#asked = undefined;
  }

  /** The longest turn since it was asked for the last time, in milliseconds of processor time. */
  longestMs(pid: number): Promise<number> {
    this.#asked ??= Promise.withResolvers<number>();
    process.kill(pid, 'SIGUSR2');
    return this.#asked.promise;
  }
}
