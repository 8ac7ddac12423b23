import { setTimeout as pause } from 'node:timers/promises';
import { createPace, ClientError, openConnected, refused, resolveTarget, startSweep, PROGRESS_MS } from '@socklab/client';
import { createKernelSockets } from '../../socket/kernel-sockets.ts';
import { createAckFormat } from './ack-format.ts';
import { createEchoFormat } from './echo-format.ts';
import { startOpenLoop } from './open-loop.ts';
import { checkFits, planLoad } from './options.ts';
import { createProgressTeller } from './progress.ts';
import { makeReport } from './report.ts';
import { createLoadSocket } from './socket.ts';
import { createTally } from './tally.ts';
import type { LoadOptions, LoadPlan } from './options.ts';
import type { LoadReport } from './report.ts';
import type { LoadContext, LoadSocket } from './socket.ts';
import type { Pace } from '@socklab/client';
import type { Socket } from 'node:dgram';

/** How often the sockets are checked for lost datagrams, in milliseconds. */
const SWEEP_MS = 50;

/** How long duplicate answers are still received once nothing is awaited, in milliseconds. */
const LINGER_MS = 100;

/** Sockets that are opened before the event loop turns. */
const OPENING_AT_ONCE = 128;

/** Numbers of lost datagrams that are remembered over all sockets, and at least for each. */
const LOST_NUMBERS = 1_048_576;
const MIN_LOST_NUMBERS = 64;

/**
 * Loads a server that echoes or acknowledges, and verifies every returned byte. A datagram not answered in time is lost,
 * counted, and replaced by the next; a wrong answer is counted, and the load goes on.
 *
 * Memory: the datagrams' contents (256 KiB), some 100 bytes for each datagram in flight and each of the last million
 * lost, one histogram; nothing that grows with time.
 *
 * @returns The report, also of a load that failed: see `failureOf`.
 * @throws ServiceError `SERVICE_ERR_USAGE` for options that contradict a limit; ClientError `CLIENT_ERR_REFUSED` when nothing
 * listens there; ClientError `CLIENT_ERR_INTERRUPTED`; Error of the system when a socket cannot be opened.
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const plan = planLoad(options);
  const sockets = await openSockets(plan, options.signal);
  return new Load(plan, sockets).run(options.signal, options.onProgress);
}

async function openSockets(plan: LoadPlan, signal: AbortSignal | undefined): Promise<readonly Socket[]> {
  const server = await resolveTarget(plan.target);
  checkFits(plan, server);
  const sockets: Socket[] = [];
  try {
    for (let missing = plan.sockets; missing > 0; missing = plan.sockets - sockets.length) {
      if (signal?.aborted === true) throw new ClientError('CLIENT_ERR_INTERRUPTED', 'stopped before the load began');
      const opening = Array.from({ length: Math.min(OPENING_AT_ONCE, missing) }, () => openConnected(server));
      const settled = await Promise.allSettled(opening);
      for (const each of settled) if (each.status === 'fulfilled') sockets.push(each.value);
      await Promise.all(opening);
    }
    return sockets;
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
}

class Load {
  readonly #plan: LoadPlan;
  readonly #sockets: readonly LoadSocket[];
  readonly #tally = createTally();
  readonly #kernelSockets = createKernelSockets();
  readonly #done = Promise.withResolvers<void>();
  readonly #startMs = performance.now();
  readonly #pace: Pace;
  #stoodMs = 0;

  constructor(plan: LoadPlan, sockets: readonly Socket[]) {
    this.#plan = plan;
    this.#pace = createPace({ ...plan, messages: plan.datagrams, startMs: this.#startMs });
    const { window, timeoutMs, session } = plan;
    const context: LoadContext = {
      format: session === 'ack' ? createAckFormat(plan) : createEchoFormat(plan),
      window,
      timeoutMs,
      lostNumbers: Math.max(MIN_LOST_NUMBERS, Math.floor(LOST_NUMBERS / plan.sockets)),
      tally: this.#tally,
      stoodMs: () => this.#stoodMs,
      onAnswered: (socket, nowMs) => this.#onAnswered(socket, nowMs),
      onRefused: (error) => {
        // Later it is loss like any other: a server may be restarting.
        if (this.#tally.answered === 0) this.#done.reject(refused(plan.target, error));
      },
    };
    this.#sockets = sockets.map((socket, index) => createLoadSocket(index + 1, socket, this.#pace, context));
    this.#kernelSockets.watch();
  }

  async run(signal: AbortSignal | undefined, onProgress: LoadOptions['onProgress']): Promise<LoadReport> {
    const stop = (): void => {
      this.#pace.stop();
      this.#settle(performance.now());
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    const loop = this.#start();
    const timers = this.#startTimers(onProgress);
    try {
      await this.#done.promise;
      const end = { unsent: signal?.aborted === true ? 0 : this.#pace.owed(performance.now()), isStopped: signal?.aborted === true };
      await pause(LINGER_MS);
      return makeReport(this.#plan, this.#tally, { ...end, startMs: this.#startMs, kernelDropped: this.#kernelSockets.drops() });
    } finally {
      signal?.removeEventListener('abort', stop);
      for (const timer of timers) clearInterval(timer);
      loop?.stop();
      await Promise.all(this.#sockets.map((socket) => socket.close()));
    }
  }

  /** Fills the windows of a closed loop, or starts the clock of an open one. */
  #start(): { stop(): void } | undefined {
    const { depth, datagrams = Infinity, sockets } = this.#plan;
    if (depth === undefined) return startOpenLoop(this.#pace, this.#sockets);
    // Fewer datagrams than the windows have room for are distributed evenly.
    const share = Math.min(depth, Math.ceil(datagrams / sockets));
    for (const socket of this.#sockets) socket.fill(performance.now(), share);
    return undefined;
  }

  #startTimers(onProgress: LoadOptions['onProgress']): NodeJS.Timeout[] {
    const timers = [startSweep(Math.min(SWEEP_MS, this.#plan.timeoutMs), (stoodMs) => this.#sweep(stoodMs))];
    if (onProgress !== undefined) timers.push(setInterval(createProgressTeller(onProgress, this.#startMs, this.#tally), PROGRESS_MS));
    return timers;
  }

  #onAnswered(socket: LoadSocket, nowMs: number): void {
    if (this.#plan.depth !== undefined) socket.fill(nowMs);
    if (this.#inFlight() === 0) this.#settle(nowMs);
  }

  /** Gives up lost datagrams; in a closed loop others replace them. */
  #sweep(stoodMs: number): void {
    this.#stoodMs += stoodMs;
    const nowMs = performance.now();
    for (const socket of this.#sockets) {
      socket.sweep(nowMs);
      if (this.#plan.depth !== undefined) socket.fill(nowMs);
    }
    this.#settle(nowMs);
  }

  #inFlight(): number {
    const { sent, answered, lost } = this.#tally;
    return sent - answered - lost;
  }

  /** Done when nothing is awaited and nothing will be sent. */
  #settle(nowMs: number): void {
    if (this.#inFlight() === 0 && this.#pace.isOver(nowMs)) this.#done.resolve();
  }
}
