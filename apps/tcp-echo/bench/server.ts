import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Contender } from './contenders.ts';
import type { ChildProcess } from 'node:child_process';

/** A contender that listens. */
export interface RunningServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

/** Starts a contender and waits until it says its port. */
export async function startServer({ name, command }: Contender): Promise<RunningServer> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await Promise.race([
    portOf(child),
    exited.then(() => {
      throw new Error(`${name} ended before it listened`);
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

async function portOf({ stdout }: ChildProcess): Promise<number> {
  const lines = createInterface({ input: stdout! });
  const port = await new Promise<number>((resolve) => {
    lines.on('line', (line) => {
      const [, digits] = /^(\d+)$/.exec(line) ?? /"endpoints":\["tcp:\/\/127\.0\.0\.1:(\d+)"\]/.exec(line) ?? [];
      if (digits !== undefined) resolve(Number(digits));
    });
  });
  return port;
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
