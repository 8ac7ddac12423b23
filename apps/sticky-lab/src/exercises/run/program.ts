import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { printable, ServiceError, codeOf } from '@socklab/service';
import { connectOnce } from './connect.ts';
import type { ChildProcess } from 'node:child_process';
import type { AddressInfo } from 'node:net';

/** The program of a student: a server that is started on a port, and started anew where it ended. */
export interface StudentProgram {
  /** The words of its command, with the port not filled in. */
  readonly words: readonly string[];
  readonly port: number;
  /** Starts it unless it runs. A program that listens is not waited for: whoever connects tries again for a while. */
  start(): Promise<void>;
  /** Starts it, and waits until it takes connections. Resolves to whether it does. */
  listens(signal: AbortSignal): Promise<boolean>;
  /** How it ended, and the last it said; `undefined` while it runs. */
  readonly ending: string | undefined;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** A program may compile itself first. */
export const START_PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 50;
/** So much is kept of what a program says. */
const MAX_SAID_BYTES = 4096;
const SHOWN_BYTES = 300;
const STOP_PATIENCE_MS = 1000;

/** Prepares a program: its words, in which `{port}` becomes a port that is free now. Nothing runs yet. */
export async function prepareProgram(words: readonly string[]): Promise<StudentProgram> {
  return new SpawnedProgram(words, await freePort());
}

/** A port of 127.0.0.1 that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

class SpawnedProgram implements StudentProgram {
  readonly words: readonly string[];
  readonly port: number;
  #child: ChildProcess | undefined;
  #said = Buffer.alloc(0);
  #ending: string | undefined;

  constructor(words: readonly string[], port: number) {
    this.words = words;
    this.port = port;
  }

  get ending(): string | undefined {
    return this.#ending;
  }

  async start(): Promise<void> {
    if (this.#child !== undefined && this.#ending === undefined) return;
    this.#ending = undefined;
    this.#said = Buffer.alloc(0);
    const [command = '', ...args] = this.words.map((word) => word.replaceAll('{port}', String(this.port)));
    // A group of its own, so that what it starts ends with it.
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.#hear(chunk));
    child.on('exit', (code, signal) => {
      this.#ending = `${signal === null ? `exit code ${code}` : `signal ${signal}`}${this.#lastWords()}`;
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw new ServiceError('SERVICE_ERR_USAGE', `cannot start ${JSON.stringify(command)}: ${(error as Error).message}`, { cause: error });
    }
  }

  async listens(signal: AbortSignal): Promise<boolean> {
    await this.start();
    const giveUpAt = performance.now() + START_PATIENCE_MS;
    while (this.#ending === undefined && performance.now() < giveUpAt) {
      const socket = await connectOnce(this.port, signal);
      socket?.destroy();
      if (socket !== undefined) return true;
      await wait(LOOK_EVERY_MS, undefined, { signal });
    }
    return false;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || this.#ending !== undefined) return;
    const gone = once(child, 'exit');
    kill(child.pid, 'SIGTERM');
    await Promise.race([gone, wait(STOP_PATIENCE_MS)]);
    if (this.#ending === undefined) kill(child.pid, 'SIGKILL');
    await gone;
  }

  #hear(chunk: Buffer): void {
    this.#said = Buffer.concat([this.#said, chunk]).subarray(-MAX_SAID_BYTES);
  }

  #lastWords(): string {
    const line = this.#said.toString().trim().split('\n').at(-1) ?? '';
    return line === '' ? '' : `: ${printable(Buffer.from(line), SHOWN_BYTES)}`;
  }
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It was gone already.
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
