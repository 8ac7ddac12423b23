import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ChildProcess, StdioOptions } from 'node:child_process';

/** What a fixture program has said, and how it ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A fixture program running as a process of its own. Killed at the end of the test if it is still there. */
export interface Fixture extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly pid: number;
  /** A line of standard output that was or will be written; rejects with the whole output when the program ends first. */
  line(pattern: RegExp): Promise<string>;
  /** A JSON log line with this `msg`, likewise. */
  log(message: string): Promise<Record<string, unknown>>;
  /** The port of the first endpoint, once the program listens. */
  port(): Promise<number>;
  exit(): Promise<Exit>;
}

export interface FixtureOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Standard streams and descriptors from 3 on. Standard output and error must stay pipes for their text to be seen. */
  readonly stdio?: StdioOptions;
  /** A command that is given the program as its last arguments, and becomes it. */
  readonly through?: readonly string[];
}

/** Starts `test/fixtures/<name>.ts`; Node.js strips the types by itself. */
export function startFixture(name: string, args: readonly string[], options: FixtureOptions = {}): Fixture {
  const { env = {}, stdio = 'pipe', through = [] } = options;
  const path = fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url));
  const [command, ...before] = [...through, process.execPath];
  const child = spawn(command, [...before, '-C', '@socklab/source', path, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio,
  });
  // A test that runs into its time limit never gets to the end of its `await using`.
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exited = untilExit(child, output);
  const lines = collectLines(child, output, exited);

  return {
    child,
    pid: child.pid ?? 0,
    line: (pattern) => lines((line) => (pattern.test(line) ? line : undefined)),
    log: (message) => lines((line) => asLog(line, message)),
    async port() {
      const { endpoints } = await this.log('listening');
      return Number(/:(\d+)$/.exec((endpoints as string[])[0] ?? '')?.[1]);
    },
    exit: () => exited,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  };
}

/** Not the event `close`: it does not come for a child whose IPC channel this side has closed. */
async function untilExit(child: ChildProcess, output: { readonly stdout: string; readonly stderr: string }): Promise<Exit> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const closed = streams.map((stream) => once(stream, 'close'));
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  await Promise.all(closed);
  return { code, signal, ...output };
}

type Search = <Found>(match: (line: string) => Found | undefined) => Promise<Found>;

function collectLines(child: ChildProcess, output: { stdout: string }, exited: Promise<Exit>): Search {
  const seen: string[] = [];
  const listeners = new Set<(line: string) => void>();
  if (child.stdout !== null) {
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    createInterface({ input: child.stdout }).on('line', (line) => {
      seen.push(line);
      for (const listener of listeners) listener(line);
    });
  }
  return (match) =>
    new Promise((resolve, reject) => {
      for (const line of seen) {
        const found = match(line);
        if (found !== undefined) return resolve(found);
      }
      const listener = (line: string) => {
        const found = match(line);
        if (found !== undefined) {
          listeners.delete(listener);
          resolve(found);
        }
      };
      listeners.add(listener);
      void exited.then((exit) => reject(new Error(`the program ended first: ${JSON.stringify(exit, undefined, 1)}`)));
    });
}

function asLog(line: string, message: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  const entry = JSON.parse(line) as Record<string, unknown>;
  return entry['msg'] === message ? entry : undefined;
}
