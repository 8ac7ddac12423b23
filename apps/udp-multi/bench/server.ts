import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Contender } from './contenders.ts';
import type { Readable } from 'node:stream';

/** A contender that listens. */
export interface RunningServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

/** How a port is said: alone, in the log of udp-multi, in the log of socat. */
const PORT_LINES = [/^(\d+)$/, /"endpoints":\["udp:\/\/127\.0\.0\.1:(\d+)"\]/, /listening on UDP AF=2 127\.0\.0\.1:(\d+)$/];

/** Starts a contender and waits until it says its port. */
export async function startServer({ name, command }: Contender): Promise<RunningServer> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said: string[] = [];
  const port = await Promise.race([
    portOf(child.stdout),
    portOf(child.stderr, said),
    exited.then(() => {
      throw new Error(`${name} ended before it listened: ${said.join('\n')}`);
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

/** Lines that say an error are few; they are kept until the server listens, or ends. */
function portOf(output: Readable, said: string[] = []): Promise<number> {
  return new Promise((resolve) => {
    createInterface({ input: output }).on('line', (line) => {
      const digits = PORT_LINES.map((pattern) => pattern.exec(line)?.[1]).find((each) => each !== undefined);
      if (digits !== undefined) resolve(Number(digits));
      if (said.length < 20) said.push(line);
    });
  });
}

/** Processor time that a process has used so far, all its threads together, in nanoseconds. Source: proc(5), schedstat. */
export function cpuNanoseconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ', 1)[0]), 0);
}

/** Memory of a process that is in use now, in bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}
