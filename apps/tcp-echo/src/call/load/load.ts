import { createPace, ClientError, openSocket, createLatencyHistogram, startSweep, PROGRESS_MS } from '@socklab/client';
import { FATAL_KINDS, FAULT_KINDS } from '../verify/fault.ts';
import { createMessageCycle } from '../verify/message-cycle.ts';
import { createLoadConnection } from './connection.ts';
import { openAll } from './open-all.ts';
import { planLoad } from './options.ts';
import { createProgressTeller } from './progress.ts';
import { createRateDriver } from './rate-driver.ts';
import { makeReport } from './report.ts';
import type { Fault, FaultKind } from '../verify/fault.ts';
import type { LoadConnection } from './connection.ts';
import type { LoadOptions, LoadPlan } from './options.ts';
import type { LoadCounts } from './progress.ts';
import type { RateDriver } from './rate-driver.ts';
import type { LoadReport, LoadTally } from './report.ts';
import type { Pace } from '@socklab/client';
import type { Socket } from 'node:net';
import type { RecordableHistogram } from 'node:perf_hooks';

/** The most that one read of a socket brings. All connections read into the same memory: it is compared before the next read. */
const READ_BYTES = 65_536;

/** How often connections are checked for overdue answers, in milliseconds. */
const SWEEP_MS = 100;

/**
 * Loads a server that echoes, and verifies every returned byte. A wrong answer ends the load at once; a connection that is
 * lost, or not answered in time, is not reopened, and the others go on.
 *
 * Memory: the messages once (at most 4 × 64 MiB, usually less than 1 MiB), 8 bytes for each message in flight, one
 * histogram; nothing that grows with time.
 *
 * @returns The report, also of a load that failed: see `failureOf`.
 * @throws ServiceError `SERVICE_ERR_USAGE` for options that contradict a limit; ClientError `CLIENT_ERR_CONNECT_TIMEOUT`,
 * `CLIENT_ERR_TLS` or Error of the system when not one connection opens; ClientError `CLIENT_ERR_INTERRUPTED`.
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const load = new Load(planLoad(options));
  await load.open(options.signal);
  return load.run(options.signal, options.onProgress);
}

class Load {
  readonly #plan: LoadPlan;
  readonly #latency: RecordableHistogram = createLatencyHistogram();
  readonly #readMemory = Buffer.allocUnsafeSlow(READ_BYTES);
  readonly #errors = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  readonly #connections: LoadConnection[];
  readonly #sockets: (Socket | undefined)[] = [];
  readonly #done = Promise.withResolvers<void>();
  #firstError: (Fault & { readonly connection: number }) | undefined;
  #firstFailure: unknown;
  #pace: Pace = createPace({ startMs: 0, messages: 0 });
  #driver: RateDriver | undefined;
  #opened = 0;
  #lost = 0;
  #answered = 0;
  /** Sent on connections that were lost, and not answered. */
  #abandoned = 0;
  #startMs = 0;
  #lastAnswerMs = 0;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    const { framing, codec, depth, seed } = plan;
    const context = {
      cycle: createMessageCycle(plan),
      codec: framing.keepsBoundaries ? codec : undefined,
      depth,
      latency: this.#latency,
      seed,
      onAnswered: (count: number, now: number) => this.#onAnswered(count, now),
      onFault: (connection: LoadConnection, fault: Fault) => this.#onFault(connection, fault),
    };
    this.#connections = Array.from({ length: plan.connections }, (_, index) => createLoadConnection(index + 1, context));
  }

  /** Opens all connections; the load goes on if at least one opens. */
  async open(signal: AbortSignal | undefined): Promise<void> {
    await openAll(this.#plan.connections, (index) => this.#openOne(index), signal);
    if (this.#opened > 0 && signal?.aborted !== true) return;
    for (const socket of this.#sockets) socket?.destroy();
    if (signal?.aborted === true) throw new ClientError('CLIENT_ERR_INTERRUPTED', 'stopped before the load began');
    throw this.#firstFailure;
  }

  async run(signal: AbortSignal | undefined, onProgress: LoadOptions['onProgress']): Promise<LoadReport> {
    const stop = (): void => this.#stop();
    this.#start();
    signal?.addEventListener('abort', stop, { once: true });
    const timers = this.#startTimers(onProgress);
    await this.#done.promise;
    const isStopped = signal?.aborted === true;
    signal?.removeEventListener('abort', stop);
    for (const timer of timers) clearInterval(timer);
    this.#driver?.stop();
    const endMs = performance.now();
    // Once a server is found wrong, its further answers are not worth waiting for.
    if (this.#isFatal()) for (const connection of this.#connections) connection.destroy();
    else await Promise.all(this.#connections.map((connection) => connection.end()));
    return makeReport(this.#plan, this.#tally(isStopped, endMs));
  }

  async #openOne(index: number): Promise<void> {
    const { target, tls, timeoutMs } = this.#plan;
    const connection = this.#connections[index]!;
    const callback = (byteLength: number, chunk: Uint8Array): boolean => {
      connection.receive(byteLength, chunk as Buffer);
      return true;
    };
    try {
      this.#sockets[index] = await openSocket({ target, tls, timeoutMs, onread: { buffer: this.#readMemory, callback } });
      this.#opened += 1;
      // A connection that fails before the load starts needs a listener; the start then skips it.
      this.#sockets[index].on('error', () => undefined);
    } catch (error) {
      this.#firstFailure ??= error;
      const isTimeout = error instanceof ClientError && error.code === 'CLIENT_ERR_CONNECT_TIMEOUT';
      this.#count(connection, { kind: isTimeout ? 'connect-timeout' : 'connect-failed', text: reasonOf(error) });
    }
  }

  /** Starts the clock and fills the windows. */
  #start(): void {
    const { messages, durationMs, ratePerSecond, connections: requested, depth } = this.#plan;
    this.#startMs = performance.now();
    this.#lastAnswerMs = this.#startMs;
    this.#pace = createPace({ startMs: this.#startMs, messages, durationMs, ratePerSecond });
    const open = this.#connections.filter((_, index) => this.#sockets[index] !== undefined);
    for (const connection of open) {
      const socket = this.#sockets[connection.number - 1]!;
      connection.start(socket, this.#pace);
      if (socket.destroyed || socket.readableEnded) connection.fail('closed', 'the server ended the connection before the load began');
    }
    if (this.#isFatal()) return;
    if (ratePerSecond !== undefined) {
      this.#driver = createRateDriver(this.#pace, open);
    } else {
      // Fewer messages than the windows have room for are distributed evenly.
      const share = Math.min(depth, Math.ceil((messages ?? Infinity) / requested));
      for (const connection of open) connection.fill(performance.now(), share);
    }
    this.#settle(performance.now());
  }

  #startTimers(onProgress: LoadOptions['onProgress']): NodeJS.Timeout[] {
    const { durationMs, timeoutMs } = this.#plan;
    const timers = [startSweep(Math.min(SWEEP_MS, timeoutMs), (stoodMs) => this.#sweep(stoodMs))];
    if (durationMs !== undefined) timers.push(setTimeout(() => this.#settle(performance.now()), durationMs));
    if (onProgress !== undefined) {
      timers.push(
        setInterval(
          createProgressTeller(onProgress, this.#startMs, this.#latency, () => this.#counts()),
          PROGRESS_MS,
        ),
      );
    }
    return timers;
  }

  #onAnswered(count: number, now: number): void {
    this.#answered += count;
    this.#lastAnswerMs = now;
    this.#driver?.resume(now);
    if (this.#inFlight() === 0) this.#settle(now);
  }

  #onFault(connection: LoadConnection, fault: Fault): void {
    this.#lost += 1;
    this.#abandoned += connection.inFlight;
    this.#count(connection, fault);
    if (this.#isFatal()) this.#stop();
    this.#settle(performance.now());
  }

  #count(connection: LoadConnection, fault: Fault): void {
    this.#errors[fault.kind] += 1;
    const isWorse = this.#firstError === undefined || (FATAL_KINDS.has(fault.kind) && !FATAL_KINDS.has(this.#firstError.kind));
    if (isWorse) this.#firstError = { connection: connection.number, ...fault };
  }

  #isFatal(): boolean {
    return this.#firstError !== undefined && FATAL_KINDS.has(this.#firstError.kind);
  }

  #inFlight(): number {
    return this.#pace.claimed - this.#answered - this.#abandoned;
  }

  /** Done when nothing is awaited and nothing will be sent, when no connection is left, or when the server is found wrong. */
  #settle(now: number): void {
    const isOver = this.#inFlight() === 0 && this.#pace.isOver(now);
    if (isOver || this.#lost === this.#opened || this.#isFatal()) this.#done.resolve();
  }

  #stop(): void {
    this.#driver?.stop();
    this.#pace.stop();
    this.#settle(performance.now());
  }

  /** Fails connections on which nothing was answered for too long. */
  #sweep(stoodMs: number): void {
    const now = performance.now();
    const { timeoutMs } = this.#plan;
    for (const connection of this.#connections) {
      connection.waitingSinceMs += stoodMs;
      if (connection.inFlight === 0 || connection.fault !== undefined || now - connection.waitingSinceMs < timeoutMs) continue;
      connection.fail('answer-timeout', `no answer within ${timeoutMs} ms${connection.missing()}`);
    }
    this.#settle(now);
  }

  #counts(): LoadCounts {
    return {
      openConnections: this.#opened - this.#lost,
      failedConnections: this.#plan.connections - this.#opened + this.#lost,
      answeredMessages: this.#answered,
    };
  }

  #tally(isStopped: boolean, endMs: number): LoadTally {
    return {
      opened: this.#opened,
      lost: this.#lost,
      sent: this.#pace.claimed,
      answered: this.#answered,
      unsent: isStopped ? 0 : this.#pace.owed(endMs),
      payloadBytes: this.#connections.reduce((sum, connection) => sum + connection.answeredBytes, 0),
      durationMs: this.#lastAnswerMs - this.#startMs,
      latency: this.#latency,
      errors: this.#errors,
      firstError: this.#firstError,
      isStopped,
    };
  }
}

/** A name with several addresses fails once for each of them: the first error is enough. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}
