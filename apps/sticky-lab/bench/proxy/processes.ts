import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A program that listens. */
export interface Listening extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

/** In our log, and in that of socat. */
const SAYS_PORT = /(?:"endpoints":\["tcp:\/\/|listening on AF=2 )127\.0\.0\.1:(\d+)/;

/** Starts a program and waits until it says its port: alone on a line, or in a line of its log. */
export async function startListening(command: readonly string[]): Promise<Listening> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await Promise.race([
    new Promise<number>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, digits] = /^(\d+)$/.exec(line) ?? SAYS_PORT.exec(line) ?? [];
        if (digits !== undefined) resolve(Number(digits));
      });
    }),
    exited.then(() => {
      throw new Error(`${command.join(' ')} ended before it listened`);
    }),
  ]);
  return {
    pid: child.pid!,
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Processor time that a process has used so far, all its threads together, in nanoseconds. Source: proc(5), schedstat. */
export function cpuNanoseconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ', 1)[0]), 0);
}
