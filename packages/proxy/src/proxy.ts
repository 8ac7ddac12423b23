import { createServer } from 'node:net';
import { formatPace } from '@socklab/probe';
import { listenTcp, resetSocket } from '@socklab/service';
import { ProxiedConnection } from './connection.ts';
import { countClosed, createProxyMetrics } from './metrics.ts';
import { requireFraming } from './plan/stream-plan.ts';
import { createTotals } from './totals.ts';
import type { Capture } from './capture.ts';
import type { CloseReason, ConnectionContext, ConnectionSummary } from './connection.ts';
import type { ProxyCounts, ProxyMetrics } from './metrics.ts';
import type { ProxySettings } from './settings.ts';
import type { Totals } from './totals.ts';
import type { Trigger } from './triggers/trigger.ts';
import type { ConnectTarget, Endpoint, Logger, RunningService } from '@socklab/service';
import type { Server, Socket } from 'node:net';

/** Options of {@link Proxies}. */
export interface ProxiesOptions {
  readonly endpoints: readonly Endpoint[];
  readonly target: ConnectTarget;
  /** The target as the user wrote it. */
  readonly targetText: string;
  readonly settings: ProxySettings;
  readonly framing: string | undefined;
  readonly triggers: readonly Trigger[];
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly capture: Capture | undefined;
  readonly observer?: ProxyObserver;
  /** Metrics to count in. @defaultValue metrics of their own */
  readonly counts?: ProxyCounts;
  readonly log: Logger;
}

/** Listener for connections. */
export interface ProxyObserver {
  opened(connection: ConnectionSummary): void;
  closed(connection: ConnectionSummary, reason: CloseReason): void;
}

/** A proxy as the control API shows it. */
export interface ProxySummary {
  readonly id: string;
  readonly listen: string;
  readonly target: string;
  readonly framing: string | null;
  readonly plan: string;
  readonly pace: string;
  readonly seed: number;
  readonly direction: string;
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Bytes per second; `null` is no limit. */
  readonly rate: number | null;
  readonly triggers: readonly string[];
  readonly connections: number;
}

/** The proxies of one process, one per endpoint. They share the target; each has its own settings. */
export class Proxies {
  readonly #options: ProxiesOptions;
  readonly #totals = createTotals();
  readonly #proxies: Proxy[] = [];
  #metrics: ProxyMetrics | undefined;
  #accepted = 0;
  #active = 0;
  #none = Promise.withResolvers<void>();

  constructor(options: ProxiesOptions) {
    this.#options = options;
  }

  /** The metrics of these proxies; not used if `counts` was given. */
  get metrics(): ProxyMetrics {
    this.#metrics ??= createProxyMetrics(this.#totals, () => this.#active);
    return this.#metrics;
  }

  /** Traffic so far. */
  get totals(): Totals {
    return this.#totals;
  }

  get(id: string): Proxy | undefined {
    return this.#proxies.find((proxy) => proxy.id === id);
  }

  get summaries(): readonly ProxySummary[] {
    return this.#proxies.map((proxy) => proxy.summary);
  }

  /** Listens on every endpoint. @throws ServiceError as `listenTcp`. */
  async listen(): Promise<RunningService> {
    const endpoints: string[] = [];
    try {
      for (const endpoint of this.#options.endpoints) {
        const proxy = new Proxy(String(this.#proxies.length + 1), this.#options, this.#context());
        this.#proxies.push(proxy);
        endpoints.push(await proxy.listen(endpoint));
      }
    } catch (error) {
      this.#stopListening();
      throw error;
    }
    return { endpoints, drain: (signal) => this.#drain(signal) };
  }

  #context(): ProxyContext {
    const { log, counts = this.metrics } = this.#options;
    return {
      totals: this.#totals,
      triggered: ({ action }) => counts.triggers.inc({ action: action.kind }),
      enter: (socket) => {
        if (this.#active >= this.#options.maxConnections) {
          counts.connectionsRefused.inc({ reason: 'max-connections' });
          log.warn({ peer: socket.remoteAddress, reason: 'max-connections' }, 'connection refused');
          return undefined;
        }
        counts.connections.inc();
        this.#active += 1;
        return ++this.#accepted;
      },
      left: (reason) => {
        countClosed(counts, reason);
        this.#active -= 1;
        if (this.#active === 0) this.#none.resolve();
      },
    };
  }

  async #drain(signal: AbortSignal): Promise<void> {
    const cut = (): void => {
      for (const proxy of this.#proxies) proxy.cut('drain-timeout');
    };
    this.#stopListening();
    if (signal.aborted) cut();
    else signal.addEventListener('abort', cut, { once: true });
    this.#none = Promise.withResolvers();
    if (this.#active > 0) await this.#none.promise;
    signal.removeEventListener('abort', cut);
    this.#options.capture?.close();
  }

  #stopListening(): void {
    for (const proxy of this.#proxies) proxy.stopListening();
  }
}

/** Shared state that a proxy gets from its group. */
interface ProxyContext extends Pick<ConnectionContext, 'totals' | 'triggered'> {
  /** Id of an accepted connection; `undefined` when the limit of connections is reached. */
  readonly enter: (socket: Socket) => number | undefined;
  readonly left: (reason: CloseReason) => void;
}

/** One endpoint and its connections. */
export class Proxy {
  readonly id: string;
  readonly #options: ProxiesOptions;
  readonly #context: ProxyContext;
  readonly #connectionContext: ConnectionContext;
  readonly #server: Server;
  readonly #connections = new Map<number, ProxiedConnection>();
  #settings: ProxySettings;
  #endpoint = '';
  #isHeld = false;

  constructor(id: string, options: ProxiesOptions, context: ProxyContext) {
    this.id = id;
    this.#options = options;
    this.#context = context;
    this.#settings = options.settings;
    this.#connectionContext = {
      ...options,
      ...context,
      settings: () => this.#settings,
      isHeld: () => this.#isHeld,
      closed: (connection, reason) => {
        this.#connections.delete(connection.id);
        options.observer?.closed(connection.summary, reason);
        context.left(reason);
      },
    };
    // allowHalfOpen: an end is passed on, not answered. The reader and its memory are set later.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  get settings(): ProxySettings {
    return this.#settings;
  }

  /** Whether the traffic is held. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  get summary(): ProxySummary {
    const { plan, pace, seed, direction, latency, bytesPerSecond } = this.#settings;
    const { targetText, framing, triggers } = this.#options;
    return {
      id: this.id,
      listen: this.#endpoint,
      target: targetText,
      framing: framing ?? null,
      plan: plan.text,
      pace: formatPace(pace),
      seed,
      direction,
      latencyMs: latency.delayMs,
      jitterMs: latency.jitterMs,
      rate: bytesPerSecond === Number.POSITIVE_INFINITY ? null : bytesPerSecond,
      triggers: triggers.map(({ text }) => text),
      connections: this.#connections.size,
    };
  }

  /** The newest connections, at most `limit`. */
  connections(limit: number): readonly ConnectionSummary[] {
    return [...this.#connections.values()].slice(-limit).map(({ summary }) => summary);
  }

  async listen(endpoint: Endpoint): Promise<string> {
    this.#endpoint = await listenTcp(this.#server, endpoint, { log: this.#options.log });
    return this.#endpoint;
  }

  /**
   * Changes the settings, for open connections too.
   *
   * @returns the number of connections that keep their plan, because the new one needs frames and their position is unknown in the middle
   * of a stream.
   * @throws InvalidArgumentError if the plan needs frames and the proxy has no framing.
   */
  configure(settings: ProxySettings): number {
    requireFraming(settings.plan, this.#options.framing);
    this.#settings = settings;
    return [...this.#connections.values()].filter((connection) => !connection.configure(settings)).length;
  }

  /** Holds the traffic of current and new connections until `release`. Bytes are read up to a limit and wait. */
  hold(): void {
    this.#isHeld = true;
    for (const connection of this.#connections.values()) connection.hold();
  }

  /** Lets held traffic pass again. */
  release(): void {
    this.#isHeld = false;
    for (const connection of this.#connections.values()) connection.release();
  }

  cut(reason: CloseReason): void {
    for (const connection of this.#connections.values()) connection.cut(reason);
  }

  stopListening(): void {
    if (this.#server.listening) this.#server.close();
  }

  #accept(socket: Socket): void {
    const id = this.#context.enter(socket);
    if (id === undefined) {
      socket.on('error', () => undefined);
      resetSocket(socket);
      return;
    }
    const connection = new ProxiedConnection(socket, id, this.#connectionContext);
    this.#connections.set(id, connection);
    this.#options.observer?.opened(connection.summary);
  }
}
