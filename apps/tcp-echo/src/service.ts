import { createServer } from 'node:net';
import { listenTcp } from '@socklab/service';
import { serveConnection } from './connection.ts';
import { createLineUp } from './line-up.ts';
import { countRefused } from './metrics.ts';
import type { Server, Socket } from 'node:net';
import type { Codec } from '@socklab/framing';
import type { Endpoint, Logger, RunningService } from '@socklab/service';
import type { Metrics } from './metrics.ts';
import type { Mode } from './sessions/index.ts';
import type { Session } from './sessions/session.ts';

/** What {@link startTcpEcho} is told. */
export interface TcpEchoOptions {
  readonly endpoints: readonly Endpoint[];
  readonly session: Session;
  readonly codec: Codec;
  readonly mode: Mode;
  /** Accept one connection, serve it, and end. */
  readonly once: boolean;
  /** Connections open at the same time; one more is reset. */
  readonly maxConnections: number;
  readonly reusePort: boolean;
  /** Resolves when the operator has no more to say. */
  readonly operatorLeft?: Promise<void>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Listens on every endpoint and serves what connects. */
export async function startTcpEcho(options: TcpEchoOptions): Promise<RunningService> {
  const service = new TcpEcho(options);
  await service.listen();
  return service;
}

class TcpEcho implements RunningService {
  endpoints: readonly string[] = [];
  readonly finished: Promise<void>;
  readonly #options: TcpEchoOptions;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<Promise<void>>();
  readonly #draining = new AbortController();
  readonly #cut = new AbortController();
  readonly #lineUp;
  readonly #finish: () => void;
  #accepted = 0;
  #operatorHasLeft = false;

  constructor(options: TcpEchoOptions) {
    this.#options = options;
    this.#lineUp = options.mode === 'queue' ? createLineUp(this.#draining.signal) : undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
    void options.operatorLeft?.then(() => {
      this.#operatorHasLeft = true;
      this.#finishWhenIdle();
    });
  }

  async listen(): Promise<void> {
    const { endpoints, reusePort, log } = this.#options;
    const listening: string[] = [];
    try {
      for (const endpoint of endpoints) {
        // allowHalfOpen: a peer that ended its side still gets its answer.
        const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
        this.#servers.push(server);
        listening.push(await listenTcp(server, endpoint, { reusePort, log }));
      }
    } catch (error) {
      await this.#stopListening();
      throw error;
    }
    this.endpoints = listening;
  }

  async drain(signal: AbortSignal): Promise<void> {
    const cut = (): void => this.#cut.abort();
    if (signal.aborted) cut();
    else signal.addEventListener('abort', cut, { once: true });
    const stopped = this.#stopListening();
    this.#draining.abort();
    await Promise.all([stopped, ...this.#connections]);
  }

  #accept(socket: Socket): void {
    const { once, maxConnections, metrics, log } = this.#options;
    const refusal = once && this.#accepted > 0 ? 'once' : this.#connections.size >= maxConnections ? 'max-connections' : undefined;
    if (refusal !== undefined) {
      countRefused(metrics, refusal);
      log.warn({ peer: `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`, reason: refusal }, 'connection refused');
      socket.resetAndDestroy();
      return;
    }
    if (once) void this.#stopListening();
    this.#serve(socket);
  }

  #serve(socket: Socket): void {
    const { session, codec, log, metrics } = this.#options;
    const connection = serveConnection(socket, {
      id: ++this.#accepted,
      session,
      codec,
      lineUp: this.#lineUp,
      log,
      metrics,
      draining: this.#draining.signal,
      cut: this.#cut.signal,
    });
    this.#connections.add(connection);
    void connection.then(() => {
      this.#connections.delete(connection);
      this.#finishWhenIdle();
    });
  }

  /** With `--once`, or once the operator has left, the service ends when nobody is served any more. */
  #finishWhenIdle(): void {
    const isLast = this.#operatorHasLeft || (this.#options.once && this.#accepted > 0);
    if (isLast && this.#connections.size === 0) this.#finish();
  }

  async #stopListening(): Promise<void> {
    for (const server of this.#servers) if (server.listening) server.close();
  }
}
