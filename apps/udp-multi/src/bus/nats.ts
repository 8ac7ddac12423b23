import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { createBacklog } from './backlog.ts';
import { freshCounts } from './bus.ts';
import type { Logger } from '@socklab/service';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Bus, OnBusMessage } from './bus.ts';

/** Options of {@link connectNats}. */
export interface NatsBusOptions {
  /** `nats://HOST:PORT`, with `USER:PASSWORD@` or `TOKEN@` when the broker asks for it. */
  readonly url: URL;
  readonly subject: string;
  readonly onMessage: OnBusMessage;
  readonly log: Logger;
}

/** What may wait while the broker is away; the oldest makes room. */
const BACKLOG = { maxMessages: 1000, maxBytes: 1024 * 1024 };
const RETRY_MS = 500;
const CONNECT_TIMEOUT_MS = 2000;
/** Two of them unanswered mean that the broker is gone, however it went. */
const PING_INTERVAL_MS = 5000;
const CLOSE_TIMEOUT_MS = 1000;

/**
 * A bus over a NATS broker. It returns at once and connects meanwhile, for ever: a broker that is not there, goes away and
 * comes back never stops the service, and is told in the log and in {@link Bus.counts}.
 */
export function connectNats(options: NatsBusOptions): Bus {
  return new NatsBus(options);
}

class NatsBus implements Bus {
  readonly counts = freshCounts(false);
  readonly #options: NatsBusOptions;
  readonly #backlog = createBacklog(BACKLOG);
  readonly #closed = new AbortController();
  #connection: NatsConnection | undefined;

  constructor(options: NatsBusOptions) {
    this.#options = options;
    void this.#run();
  }

  publish(message: Uint8Array): void {
    if (this.counts.isConnected) this.#send(message);
    else this.counts.dropped += this.#backlog.add(message);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const connection = this.#connection;
    if (connection === undefined) return;
    // A broker that is away cannot be waited for.
    const wait = new AbortController();
    const ended = this.counts.isConnected ? connection.drain().catch(() => undefined) : connection.close();
    await Promise.race([ended, pause(CLOSE_TIMEOUT_MS, undefined, { signal: wait.signal }).catch(() => undefined)]);
    wait.abort();
    this.counts.isConnected = false;
    if (!connection.isClosed()) await connection.close();
  }

  /** Connects again and again; each connection looks after itself until it is closed for good. */
  async #run(): Promise<void> {
    const { signal } = this.#closed;
    let isTold = false;
    while (!signal.aborted) {
      try {
        const connection = await this.#connect();
        isTold = false;
        await this.#use(connection);
      } catch (error) {
        if (!isTold) this.#options.log.warn({ bus: this.#options.url.host, err: error }, 'bus not reachable: trying on');
        isTold = true;
      }
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #connect(): Promise<NatsConnection> {
    const { host, username, password } = this.#options.url;
    const login =
      password === ''
        ? { token: decodeURIComponent(username) }
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    return connect({
      servers: host,
      // What we say ourselves is delivered here already.
      noEcho: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RETRY_MS,
      reconnectJitter: RETRY_MS / 5,
      ignoreAuthErrorAbort: true,
      timeout: CONNECT_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS,
      ...(username === '' ? {} : login),
    });
  }

  async #use(connection: NatsConnection): Promise<void> {
    const { subject, onMessage } = this.#options;
    if (this.#closed.signal.aborted) return connection.close();
    this.#connection = connection;
    connection.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) return;
        this.counts.received += 1;
        if (!onMessage(message.data)) this.counts.dropped += 1;
      },
    });
    // What is published before the broker knows of us would be heard by nobody we could hear.
    await connection.flush();
    this.#up('bus connected');
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#down();
      if (type === 'reconnect') {
        this.counts.reconnects += 1;
        this.#up('bus connected again');
      }
    }
    this.#down();
  }

  #up(message: string): void {
    this.counts.isConnected = true;
    this.#options.log.info({ bus: this.#options.url.host, subject: this.#options.subject, waiting: this.#backlog.size }, message);
    for (const waiting of this.#backlog.take()) this.#send(waiting);
  }

  #down(): void {
    if (!this.counts.isConnected) return;
    this.counts.isConnected = false;
    if (this.#closed.signal.aborted) return;
    this.#options.log.warn({ bus: this.#options.url.host }, 'bus lost: local delivery goes on');
  }

  #send(message: Uint8Array): void {
    try {
      this.#connection?.publish(this.#options.subject, message);
      this.counts.published += 1;
    } catch (error) {
      // The connection closed in between, or the broker takes no message that long.
      this.counts.dropped += 1;
      this.#options.log.debug({ err: error }, 'message not published');
    }
  }
}
