import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { createBacklog } from './backlog.ts';
import { freshCounts } from './bus.ts';
import type { Bus, OnBusMessage } from './bus.ts';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '@socklab/service';

/** Options of {@link connectNats}. */
export interface NatsBusOptions {
  /** `nats://HOST:PORT`, with `USER:PASSWORD@` or `TOKEN@` when the broker requires it. */
  readonly url: URL;
  readonly subject: string;
  readonly onMessage: OnBusMessage;
  readonly log: Logger;
  /** Timeout of confirmations, in milliseconds, after which the broker counts as away although it is connected. @defaultValue 3000 */
  readonly confirmLimitMs?: number;
}

/** How much may be queued while the broker is away; the oldest is dropped. */
const BACKLOG = { maxMessages: 1000, maxBytes: 1024 * 1024 };
const RETRY_MS = 500;
const CONNECT_TIMEOUT_MS = 2000;
/** After two unanswered pings the broker counts as gone. */
const PING_INTERVAL_MS = 5000;
const CLOSE_TIMEOUT_MS = 1000;
/** How much may be published but not confirmed by the broker: more waits in the backlog. */
const MAX_UNCONFIRMED = { messages: 1000, bytes: 1024 * 1024 };
const CONFIRM_LIMIT_MS = 3000;

/**
 * A bus over a NATS broker. It returns at once and connects in the background, retrying forever: a missing or
 * restarting broker never stops the service, and is reported in the log and in {@link Bus.counts}.
 */
export function connectNats(options: NatsBusOptions): Bus {
  return new NatsBus(options);
}

interface Published {
  messages: number;
  bytes: number;
}

class NatsBus implements Bus {
  readonly counts = freshCounts(false);
  readonly #options: NatsBusOptions;
  readonly #backlog = createBacklog(BACKLOG);
  readonly #closed = new AbortController();
  #connection: NatsConnection | undefined;
  /** What was published since the broker was last connected, and how much of it the broker has confirmed. */
  #sent: Published = { messages: 0, bytes: 0 };
  #confirmed: Readonly<Published> = { messages: 0, bytes: 0 };
  /** The count that is being confirmed. */
  #confirming: Published | undefined;

  constructor(options: NatsBusOptions) {
    this.#options = options;
    void this.#run();
  }

  publish(message: Uint8Array): void {
    if (this.counts.isConnected && this.#hasRoom()) this.#send(message);
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

  /** Connects again and again; each connection manages itself until it is closed for good. */
  async #run(): Promise<void> {
    const { signal } = this.#closed;
    let isTold = false;
    while (!signal.aborted) {
      try {
        const connection = await this.#connect();
        isTold = false;
        await this.#use(connection);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (!isTold) this.#options.log.warn({ bus: this.#options.url.host, error: reason }, 'bus not reachable: still trying');
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
      // Our own messages were already delivered here.
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
    // Until our subscription is known, what we publish would only reach replicas that we cannot hear.
    await connection.flush();
    this.#up('bus connected');
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#down();
      if (type === 'reconnect') {
        this.counts.reconnects += 1;
        void this.#backAgain(connection);
      }
    }
    this.#down();
  }

  /** As at first: not before the subscription is known again. */
  async #backAgain(connection: NatsConnection): Promise<void> {
    try {
      await connection.flush();
    } catch {
      // The connection was lost meanwhile: its status reports it.
      return;
    }
    if (!this.counts.isConnected && !this.#closed.signal.aborted) this.#up('bus connected again');
  }

  #up(message: string): void {
    this.counts.isConnected = true;
    this.#sent = { messages: 0, bytes: 0 };
    this.#confirmed = { messages: 0, bytes: 0 };
    this.#options.log.info({ bus: this.#options.url.host, subject: this.#options.subject, waiting: this.#backlog.size }, message);
    this.#sendBacklog();
  }

  #down(): void {
    if (!this.counts.isConnected) return;
    this.counts.isConnected = false;
    if (this.#closed.signal.aborted) return;
    this.#options.log.warn({ bus: this.#options.url.host }, 'bus lost: local delivery continues');
  }

  #send(message: Uint8Array): void {
    try {
      this.#connection?.publish(this.#options.subject, message);
      this.counts.published += 1;
      this.#sent.messages += 1;
      this.#sent.bytes += message.length;
      void this.#confirm();
    } catch (error) {
      // The connection was closed meanwhile, or the broker takes no message that long.
      this.counts.dropped += 1;
      this.#options.log.debug({ err: error }, 'message not published');
    }
  }

  #sendBacklog(): void {
    const waiting = this.#backlog.take();
    for (const message of waiting) this.publish(message);
  }

  /** The client library buffers what is published until the broker takes it: keep that small. */
  #hasRoom(): boolean {
    const messages = this.#sent.messages - this.#confirmed.messages;
    return messages < MAX_UNCONFIRMED.messages && this.#sent.bytes - this.#confirmed.bytes < MAX_UNCONFIRMED.bytes;
  }

  /** Asks the broker whether it has what was published, until it has all. */
  async #confirm(): Promise<void> {
    const [connection, sent] = [this.#connection, this.#sent];
    if (connection === undefined || this.#confirming === sent) return;
    this.#confirming = sent;
    try {
      // After a reconnect another count applies.
      while (this.#sent === sent && this.#confirmed.messages < sent.messages) {
        const asked = { ...sent };
        await this.#flush(connection);
        if (this.#sent !== sent) return;
        this.#confirmed = asked;
        if (this.counts.isConnected) this.#sendBacklog();
        else this.#up('bus answers again');
      }
    } catch {
      // The connection was lost meanwhile: its status reports it.
    } finally {
      if (this.#confirming === sent) this.#confirming = undefined;
    }
  }

  async #flush(connection: NatsConnection): Promise<void> {
    const limit = setTimeout(() => this.#stalled(), this.#options.confirmLimitMs ?? CONFIRM_LIMIT_MS).unref();
    try {
      await connection.flush();
    } finally {
      clearTimeout(limit);
    }
  }

  #stalled(): void {
    if (!this.counts.isConnected) return;
    this.counts.isConnected = false;
    this.#options.log.warn({ bus: this.#options.url.host }, 'bus does not answer: local delivery continues');
  }
}
