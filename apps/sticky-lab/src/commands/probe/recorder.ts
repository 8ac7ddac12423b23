import { once } from 'node:events';
import { createServer } from 'node:net';
import { ProbeError, recordingLine } from '@socklab/probe';
import { listenTcp, resetSocket } from '@socklab/service';
import type { Connector, RecordedEvent, Side } from '@socklab/probe';
import type { Endpoint, PcapngConnection } from '@socklab/service';
import type { Socket } from 'node:net';

/** Options of {@link recordOne}. */
export interface RecorderOptions {
  readonly listen: Endpoint;
  /** Makes the connection to the server. */
  readonly connector: Connector;
  /** Takes each line of the recording, in order. */
  readonly write: (line: string) => void;
  /** Opens a second consumer of the traffic, once both ends are connected; a unix socket has no addresses. */
  readonly openCapture?: (client: Socket, server: Socket) => PcapngConnection;
  /** Most bytes, of both sides together. */
  readonly maxBytes: number;
  /** Called once with the address for the client. */
  readonly onListening: (endpoint: string) => void;
  readonly signal: AbortSignal;
}

/** Most reads of both sides together: a recording has a line for each, and up to a million lines are read again. */
const MAX_EVENTS = 999_000;

/** The number of bytes that each side sent. */
export type RecordedBytes = Readonly<Record<Side, number>>;

/**
 * Accepts one connection, connects it to the server and relays both sides until both have ended, including ends and resets.
 * With backpressure in both directions.
 *
 * @throws ProbeError `PROBE_ERR_CONNECT` when the server takes no connection, `PROBE_ERR_RECORDING` over the limit; the signal's reason;
 * what `listenTcp` throws.
 */
export async function recordOne(options: RecorderOptions): Promise<RecordedBytes> {
  const { listen, connector, onListening, signal } = options;
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
  try {
    const accepted = once(server, 'connection', { signal }) as Promise<[Socket]>;
    accepted.catch(() => undefined);
    onListening(await listenTcp(server, listen));
    const [client] = await accepted.catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
    // One connection is recorded, further ones are refused.
    server.close();
    return await new Relay(client, options).run(connector, signal);
  } finally {
    server.close();
  }
}

class Relay {
  readonly #client: Socket;
  readonly #write: (line: string) => void;
  readonly #maxBytes: number;
  readonly #openCapture: RecorderOptions['openCapture'];
  #capture: PcapngConnection | undefined;
  readonly #startedAt: number = performance.now();
  readonly #bytes: Record<Side, number> = { client: 0, server: 0 };
  readonly #over: PromiseWithResolvers<void> = Promise.withResolvers();
  #open = 2;
  #events = 0;

  constructor(client: Socket, { write, maxBytes, openCapture }: RecorderOptions) {
    this.#client = client;
    this.#openCapture = openCapture;
    this.#write = write;
    this.#maxBytes = maxBytes;
    // It may end while it is not awaited yet: the connection to the server is still being made.
    this.#over.promise.catch(() => undefined);
  }

  async run(connector: Connector, signal: AbortSignal): Promise<RecordedBytes> {
    const client = this.#client;
    // Without a server yet, an error of the client cannot be relayed.
    client.on('error', () => undefined);
    let server: Socket | undefined;
    const abort = (): void => this.#over.reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      server = await connector.connect(signal);
      this.#capture = this.#openCapture?.(client, server);
      this.#pass(client, 'client', server);
      this.#pass(server, 'server', client);
      await this.#over.promise;
      return this.#bytes;
    } finally {
      signal.removeEventListener('abort', abort);
      client.destroy();
      server?.destroy();
    }
  }

  #pass(source: Socket, from: Side, sink: Socket): void {
    source.on('data', (bytes: Buffer) => {
      this.#bytes[from] += bytes.length;
      const isOver = this.#bytes.client + this.#bytes.server > this.#maxBytes || this.#events >= MAX_EVENTS;
      if (isOver) return this.#over.reject(tooLong(this.#maxBytes));
      this.#note({ from, bytes });
      if (!sink.destroyed && !sink.write(bytes)) source.pause();
    });
    sink.on('drain', () => source.resume());
    source.on('end', () => {
      this.#note({ from, end: 'fin' });
      sink.end();
    });
    source.on('error', () => {
      this.#note({ from, end: 'reset' });
      resetSocket(sink);
    });
    source.on('close', () => {
      this.#open -= 1;
      if (this.#open === 0) this.#over.resolve();
    });
    source.resume();
  }

  #note(event: Omit<RecordedEvent, 'ms'>): void {
    const ms = Math.round((performance.now() - this.#startedAt) * 1000) / 1000;
    this.#events += 1;
    try {
      this.#write(recordingLine({ ms, ...event }));
      if (event.bytes !== undefined) this.#capture?.data(event.from, event.bytes);
      if (event.end !== undefined) this.#capture?.end(event.from, event.end);
    } catch (error) {
      // A full disk ends the recording, not the process.
      this.#over.reject(error);
    }
  }
}

function tooLong(limit: number): ProbeError {
  const limits = `more than ${limit} bytes, which is the limit of --max-bytes, or ${MAX_EVENTS} reads`;
  return new ProbeError('PROBE_ERR_RECORDING', `${limits}: what passed before is recorded`);
}
