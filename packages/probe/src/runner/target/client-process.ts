import { spawn } from 'node:child_process';
import { concatBytes } from '../../bytes/concat-bytes.ts';
import { ProbeError } from '../../errors.ts';
import type { Bytes } from '../../types.ts';
import type { ChildProcess } from 'node:child_process';

/** The exit and output of a client. */
export interface ClientExit {
  /** Its output, then its exit: `[exit 0]`, with standard error in between. */
  readonly output: Bytes;
  /** Its exit: `exit 0`, `ended by SIGSEGV`. */
  readonly ending: string;
  /** Whether it was killed because it took too long. */
  readonly isLate: boolean;
  readonly isOverflowed: boolean;
}

/** A client under test. */
export interface ClientProcess {
  /** Resolves when it has exited, or was killed `timeoutMs` from now. */
  ended(timeoutMs: number): Promise<ClientExit>;
  /** Resolves when it has ended, for any reason. */
  readonly over: Promise<unknown>;
  kill(): void;
}

/** Options of {@link startClient}. */
export interface ClientProcessOptions {
  readonly words: readonly string[];
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Most bytes of output that are kept. */
  readonly maxOutputBytes: number;
}

/**
 * Starts a client, without a shell, with empty standard input.
 *
 * @throws ProbeError `PROBE_ERR_COMMAND` when the program cannot be started.
 */
export async function startClient({ words, cwd, env, maxOutputBytes }: ClientProcessOptions): Promise<ClientProcess> {
  const [program = '', ...argv] = words;
  const child = spawn(program, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
  });
  const outputs = [collect(child.stdout, maxOutputBytes), collect(child.stderr, maxOutputBytes)] as const;
  const closed = new Promise<string>((resolve) => {
    child.once('close', (code: number | null, signal: string | null) => resolve(signal === null ? `exit ${code}` : `ended by ${signal}`));
  });
  await started(child, program);
  return {
    async ended(timeoutMs) {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        child.kill('SIGKILL');
      }, timeoutMs);
      const ending = await closed;
      clearTimeout(timer);
      return outcomeOf(outputs, ending, isLate);
    },
    over: closed,
    kill: () => child.kill('SIGKILL'),
  };
}

function started(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new ProbeError('PROBE_ERR_COMMAND', `${JSON.stringify(program)} cannot be started: ${cause.message}`, { cause })),
    );
  });
}

interface Collected {
  readonly chunks: Bytes[];
  isOverflowed: boolean;
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number): Collected {
  const collected: Collected = { chunks: [], isOverflowed: false };
  let keptBytes = 0;
  stream.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, maxBytes - keptBytes);
    keptBytes += kept.length;
    collected.isOverflowed ||= kept.length < chunk.length;
    if (kept.length > 0) collected.chunks.push(kept);
  });
  return collected;
}

function outcomeOf([stdout, stderr]: readonly [Collected, Collected], ending: string, isLate: boolean): ClientExit {
  const complaints = stderr.chunks.length === 0 ? [] : [Buffer.from('\n[standard error]\n'), ...stderr.chunks];
  const end = isLate ? [] : [Buffer.from(`\n[${ending}]\n`)];
  return {
    output: concatBytes([...stdout.chunks, ...complaints, ...end]),
    ending,
    isLate,
    isOverflowed: stdout.isOverflowed || stderr.isOverflowed,
  };
}
