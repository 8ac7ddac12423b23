// A client that behaves all the time, and is answered all the time.
import { setImmediate as turn } from 'node:timers/promises';
import { isAllowed } from './judge.ts';
import { pick } from './wires.ts';
import type { Begun, ClosedLine, ServerLog } from './server-log.ts';
import type { Random, Wires } from './wires.ts';
import type { Socket } from 'node:net';

/** Options of a {@link Bystander}, besides its connections. */
export interface BystanderOptions {
  readonly random: Random;
  readonly log: ServerLog;
  /** Called when the server disconnected it for a limit that its log names: this machine was too slow. It connects again. */
  readonly wasCut: (reason: string) => void;
}

/** What a {@link Bystander} saw. */
export interface BystanderReport {
  /** Frames that were answered. */
  readonly rounds: number;
  /** How long the slowest answer took, with what this process did meanwhile. */
  readonly slowestMs: number;
}

/** Sends a frame, in one write or in two, waits for its answer, and repeats, whatever the others do. */
export class Bystander {
  readonly #connect: () => Begun;
  readonly #wires: Wires;
  readonly #options: BystanderOptions;
  #isStopped = false;
  #rounds = 0;
  #slowestMs = 0;

  constructor(connect: () => Begun, wires: Wires, options: BystanderOptions) {
    this.#connect = connect;
    this.#wires = wires;
    this.#options = options;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<BystanderReport> {
    while (!this.#isStopped) {
      const begun = this.#connect();
      try {
        await this.#converse(begun);
      } finally {
        begun.socket.destroy();
      }
    }
    return { rounds: this.#rounds, slowestMs: this.#slowestMs };
  }

  /** Until it is stopped, or disconnected. */
  async #converse(begun: Begun): Promise<void> {
    const { socket } = begun;
    const { random, log } = this.#options;
    const closedLine = log.lineOf(begun);
    socket.on('error', () => undefined);
    const gone = new Promise<'gone'>((resolve) => socket.once('close', () => resolve('gone')));
    for (; !this.#isStopped; this.#rounds++) {
      const frame = Buffer.from(this.#wires.frame(random, 0, Math.min(this.#wires.maxBytes, pick(random, [1, 2, 500, 70_000]))));
      const sinceMs = performance.now();
      const answered = answerOf(socket, frame);
      socket.write(frame.subarray(0, 1));
      if (random() < 0.5) await turn();
      socket.write(frame.subarray(1));
      if ((await Promise.race([answered, gone])) === 'gone') return this.#judge(await closedLine());
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - sinceMs);
    }
  }

  /** @throws Error when it was not for a limit. */
  #judge(line: ClosedLine): void {
    if (!isAllowed(line, 'finishes')) throw new Error(`the bystander was closed, and the server says only ${JSON.stringify(line)}`);
    this.#options.wasCut(line.reason);
  }
}

function answerOf(socket: Socket, frame: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let receivedBytes = 0;
    const onChunk = (chunk: Buffer): void => {
      const at = receivedBytes;
      receivedBytes += chunk.length;
      const isOwn = receivedBytes <= frame.length && chunk.equals(frame.subarray(at, receivedBytes));
      if (isOwn && receivedBytes < frame.length) return;
      socket.off('data', onChunk);
      if (isOwn) resolve();
      else reject(new Error(`the bystander got bytes that are not its own, from byte ${at} of ${frame.length} on`));
    };
    socket.on('data', onChunk);
  });
}
