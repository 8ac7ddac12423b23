import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { ProbeError } from '../../errors.ts';
import type { ChildProcess } from 'node:child_process';

/** A program that is started on a port, and restarted when it exits. */
export interface StartedProgram {
  /** The words of its command, before the address is filled in. */
  readonly words: readonly string[];
  readonly port: number;
  /**
   * Starts it unless it runs, without a shell; `{port}` and `{host}` in its words are replaced by the address.
   *
   * @throws ProbeError `PROBE_ERR_COMMAND` when it cannot be started.
   */
  start(): Promise<void>;
  /** Its exit, and its last output; `undefined` while it runs. */
  readonly ending: string | undefined;
  /** Ends it and its children; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Options of {@link createProgram}. */
export interface ProgramOptions {
  readonly host?: string;
  readonly port: number;
  /** Variables of its environment, besides ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called each time it exits by itself. */
  readonly onEnd?: () => void;
}

/** Bytes of output that are kept, and of its last line that are shown. */
const MAX_SAID_BYTES = 4096;
const SHOWN_CHARS = 300;
const STOP_PATIENCE_MS = 1000;

/** Prepares a program without starting it. */
export function createProgram(words: readonly string[], { host = '127.0.0.1', ...options }: ProgramOptions): StartedProgram {
  return new SpawnedProgram(words, { host, ...options });
}

class SpawnedProgram implements StartedProgram {
  readonly words: readonly string[];
  readonly port: number;
  readonly #host: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #onEnd: (() => void) | undefined;
  #child: ChildProcess | undefined;
  #said = Buffer.alloc(0);
  #ending: string | undefined;
  #isStopped = false;

  constructor(words: readonly string[], { host, port, env = {}, onEnd }: Required<Pick<ProgramOptions, 'host'>> & ProgramOptions) {
    this.words = words;
    this.port = port;
    this.#host = host;
    this.#env = env;
    this.#onEnd = onEnd;
  }

  get ending(): string | undefined {
    return this.#ending;
  }

  async start(): Promise<void> {
    if (this.#child !== undefined && this.#ending === undefined) return;
    this.#ending = undefined;
    this.#isStopped = false;
    this.#said = Buffer.alloc(0);
    const filled = this.words.map((word) => word.replaceAll('{port}', String(this.port)).replaceAll('{host}', this.#host));
    const [command = '', ...args] = filled;
    // Its own process group, so that its children end with it.
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { ...process.env, ...this.#env } });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.#hear(chunk));
    child.on('exit', (code, signal) => {
      this.#ending = `${signal === null ? `exit code ${code}` : `signal ${signal}`}${this.#lastWords()}`;
      if (!this.#isStopped) this.#onEnd?.();
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      this.#ending = 'it was never started';
      throw new ProbeError('PROBE_ERR_COMMAND', `cannot start ${JSON.stringify(command)}: ${(error as Error).message}`, { cause: error });
    }
    // Otherwise nobody would end it when this process exits meanwhile.
    const end = (): void => kill(child.pid!, 'SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const child = this.#child;
    if (child?.pid === undefined || this.#ending !== undefined) return;
    const gone = once(child, 'exit');
    kill(child.pid, 'SIGTERM');
    await Promise.race([gone, wait(STOP_PATIENCE_MS, undefined, { ref: false })]);
    if (this.#ending === undefined) kill(child.pid, 'SIGKILL');
    await gone;
  }

  #hear(chunk: Buffer): void {
    this.#said = Buffer.concat([this.#said, chunk]).subarray(-MAX_SAID_BYTES);
  }

  #lastWords(): string {
    const line = this.#said.toString().trim().split('\n').at(-1) ?? '';
    return line === '' ? '' : `: ${line.slice(0, SHOWN_CHARS).replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')}`;
  }
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It was already gone.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
