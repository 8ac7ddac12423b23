import { once } from 'node:events';
import { createGalleryServer } from '@socklab/probe/gallery';
import { Refusal } from '../../../http/refusal.ts';
import type { PracticeServer } from './practice-server.ts';
import type { GalleryServer } from '@socklab/probe/gallery';
import type { AddressInfo, Server, Socket } from 'node:net';

const MAX_CONNECTIONS = 256;
/** A client that is silent for this long is gone; trials of the probe are shorter. */
const IDLE_MS = 60_000;
/** A header may declare gigabytes: a client that sends more than this on one connection is disconnected. */
const MAX_BYTES = 1_048_576;

/** The running practice servers: each at most once, on a loopback port that the system picks. */
export class Practice {
  readonly #servers = new Map<string, Promise<Server>>();
  readonly #sockets = new Set<Socket>();
  #isClosed = false;

  /**
   * Starts a server, unless it runs already.
   *
   * @returns its target, as `127.0.0.1:40123`.
   * @throws Refusal 503 when the service ends.
   */
  async start({ name, server }: PracticeServer): Promise<string> {
    const starting = this.#servers.get(name) ?? this.#listen(server);
    this.#servers.set(name, starting);
    try {
      const { port } = (await starting).address() as AddressInfo;
      return `127.0.0.1:${port}`;
    } catch (error) {
      this.#servers.delete(name);
      throw error;
    }
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const servers = await Promise.allSettled(this.#servers.values());
    for (const started of servers) if (started.status === 'fulfilled') started.value.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(practised: GalleryServer): Promise<Server> {
    if (this.#isClosed) throw new Refusal(503, { en: 'the service is ending', zh: '服务正在结束' });
    const server = createGalleryServer(practised).on('connection', (socket) => this.#limit(socket));
    server.maxConnections = MAX_CONNECTIONS;
    // Timers must not keep the service alive.
    server.unref();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  #limit(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('readable', () => {
      if (socket.bytesRead > MAX_BYTES) socket.destroy();
    });
  }
}
