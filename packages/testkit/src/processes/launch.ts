import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTranscript } from '../waiting/transcript.ts';
import { createWatch } from '../waiting/watch.ts';
import { cleanEnvironment } from './clean-environment.ts';
import type { Transcript } from '../waiting/transcript.ts';
import type { Watch } from '../waiting/watch.ts';
import type { ChildProcess } from 'node:child_process';

/** The two streams a process writes to. */
export type OutputStream = 'stdout' | 'stderr';

/** How a process ended, with everything it wrote. */
export interface ProgramExit {
  /** Exit code, `null` when a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it, `null` when it exited by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link launch}. */
export interface LaunchOptions {
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly stdin?: 'pipe' | 'ignore' | undefined;
  /** What the process gets as descriptor 3, 4 …: one of ours to inherit, or a pipe. */
  readonly extra?: readonly (number | 'pipe' | 'ipc')[];
  readonly deadlineMs?: number | undefined;
  /** Called with each piece of output, in order. Waits see a piece once its promise has resolved. */
  readonly onOutput?: (stream: OutputStream, text: string) => Promise<void>;
  /** What the message of a failed wait shows. @defaultValue the text of both streams */
  readonly describe?: () => string;
}

/** A started process, its collected output and the watch that sees both change. */
export interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly output: Readonly<Record<OutputStream, Transcript>>;
  readonly watch: Watch;
  /** Resolves when the process has ended and all its output is read. */
  exit(): Promise<ProgramExit>;
  /** Kills it (SIGKILL) when it is alive; resolves when it is gone. */
  kill(): Promise<void>;
}

// A test that forgets to dispose must not leave a process behind when its worker ends.
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Starts a process in a clean environment and collects what it writes. Throws when it cannot be started. */
export function launch(command: string, args: readonly string[], options: LaunchOptions = {}): Launched {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: cleanEnvironment(options.env),
    stdio: [options.stdin ?? 'pipe', 'pipe', 'pipe', ...(options.extra ?? [])],
  });
  const { pid } = child;
  if (pid === undefined) throw notStarted(child, command, options.cwd);
  const output = { stdout: createTranscript(), stderr: createTranscript() };
  const watch = createWatch({
    describe: () => [`$ ${[command, ...args].join(' ')}`, stateOf(child), (options.describe ?? (() => bothStreams(output)))()].join('\n'),
    deadlineMs: options.deadlineMs,
  });
  const collected = collect(child, output, watch, options.onOutput);
  const ended = followEnd(child, output, watch, collected);
  return {
    child,
    pid,
    output,
    watch,
    exit: () => watch.until('the process to exit', () => ended.result),
    kill: () => killChild(child),
  };
}

function notStarted(child: ChildProcess, command: string, cwd = process.cwd()): Error {
  // Node reports the reason in a later event; without a listener it would end the test run.
  child.on('error', () => undefined);
  return new Error(`cannot start ${command} in ${cwd}: not installed, not executable, or no such folder`);
}

/** @returns a function whose promise resolves when every piece of output so far has been taken. */
function collect(child: ChildProcess, output: Launched['output'], watch: Watch, onOutput: LaunchOptions['onOutput']): () => Promise<void> {
  let taken = Promise.resolve();
  for (const stream of ['stdout', 'stderr'] as const) {
    const source = child[stream];
    source?.setEncoding('utf8');
    source?.on('data', (text: string) => {
      output[stream].append(text);
      if (onOutput === undefined) return watch.changed();
      taken = Promise.all([taken, onOutput(stream, text)]).then(() => watch.changed());
    });
    source?.on('end', () => {
      output[stream].end();
      watch.changed();
    });
  }
  // Writing to a process that is gone is no error: the next wait reports how it ended.
  child.stdin?.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error;
  });
  return () => taken;
}

function followEnd(
  child: ChildProcess,
  output: Launched['output'],
  watch: Watch,
  collected: () => Promise<void>,
): { result?: ProgramExit } {
  const ended: { result?: ProgramExit } = {};
  alive.add(child);
  // Not the event 'close': after disconnect() of an IPC channel it never comes.
  const outputs = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const outputsClosed = Promise.all(outputs.map((stream) => new Promise((resolve) => stream.once('close', resolve))));
  child.on('exit', (code, signal) => {
    alive.delete(child);
    void outputsClosed.then(collected).then(() => {
      ended.result = { code, signal, stdout: output.stdout.text, stderr: output.stderr.text };
      watch.ended(`the process ${signal === null ? `exited with code ${code}` : `was ended by ${signal}`}`);
    });
  });
  return ended;
}

async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
  // A process that it left behind may still hold these; they are not read any more.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  if (child.connected) child.disconnect();
}

function stateOf({ exitCode, signalCode, pid }: ChildProcess): string {
  if (exitCode === null && signalCode === null) return `(process ${pid} is running)`;
  // For a process that outlives it and still holds its output.
  return `(process ${pid} has ended: ${signalCode ?? `code ${exitCode}`})`;
}

function bothStreams({ stdout, stderr }: Launched['output']): string {
  return ['--- stdout', stdout.text, '--- stderr', stderr.text, '---'].join('\n');
}
