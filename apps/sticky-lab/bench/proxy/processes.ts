import { spawn } from 'node:child_process';
import { on } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A program that listens. */
export interface Listening extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** The next line that it says after its port. */
  nextLine(): Promise<string>;
}

/** In our log, and in that of socat. */
const SAYS_PORT = /(?:"endpoints":\["tcp:\/\/|listening on AF=2 )127\.0\.0\.1:(\d+)/;

/** Starts a program and waits until it says its port: alone on a line, or in a line of its log. */
export async function startListening(command: readonly string[]): Promise<Listening> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = on(createInterface({ input: child.stdout }), 'line', { close: ['close'] });
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${command.join(' ')} ended`);
    return (value as [string])[0];
  };
  const port = await portOf(nextLine);
  return {
    pid: child.pid!,
    port,
    nextLine,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function portOf(nextLine: () => Promise<string>): Promise<number> {
  for (;;) {
    const line = await nextLine();
    const [, digits] = /^(\d+)$/.exec(line) ?? SAYS_PORT.exec(line) ?? [];
    if (digits !== undefined) return Number(digits);
  }
}

/** Processor time that a process has used so far, all its threads together, in nanoseconds. Source: proc(5), schedstat. */
export function cpuNanoseconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ', 1)[0]), 0);
}
