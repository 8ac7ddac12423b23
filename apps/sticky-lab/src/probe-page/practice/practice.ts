import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Refusal } from '../../api/refusal.ts';
import { connectionOf } from './connection.ts';
import { framedServers } from './framed-servers.ts';
import { lineServers } from './line-servers.ts';
import type { PracticeServer } from './practice-server.ts';

/** All of them, in the order of the page. */
export const PRACTICE_SERVERS: readonly PracticeServer[] = [...framedServers, ...lineServers];

const MAX_CONNECTIONS = 256;
/** A client that does nothing for so long is gone; trials of the probe are shorter. */
const IDLE_MS = 60_000;

/** The practice servers that run: each at most once, on a port of loopback that the system picks. */
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
  async start(practice: PracticeServer): Promise<string> {
    const { name } = practice;
    const known = this.#servers.get(name);
    const starting = known ?? this.#listen(practice);
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

  async #listen({ serve }: PracticeServer): Promise<Server> {
    if (this.#isClosed) throw new Refusal(503, { en: 'the service is ending', zh: '服务正在结束' });
    const server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      // A client may go at any time; that is no event for a server.
      socket.on('error', () => undefined);
      socket.setTimeout(IDLE_MS, () => socket.destroy());
      // A server that is wrong on purpose takes at most its own connection with it.
      void serve(connectionOf(socket)).then(
        () => socket.end(),
        () => socket.destroy(),
      );
    });
    server.maxConnections = MAX_CONNECTIONS;
    // What others wait for keeps the service alive, not this.
    server.unref();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }
}
