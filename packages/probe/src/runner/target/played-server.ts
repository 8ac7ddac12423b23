import { once } from 'node:events';
import { createServer } from 'node:net';
import { ProbeError } from '../../errors.ts';
import type { Connector } from '../../transports/connector.ts';
import type { AddressInfo, Socket } from 'node:net';

/** The server for a client under test: trials run on its connections. */
export interface PlayedServer extends Connector {
  readonly port: number;
  close(): void;
}

/** Listens on a free loopback port. The first connection is returned; further ones of the same client are closed. */
export async function createPlayedServer(connectTimeoutMs: number): Promise<PlayedServer> {
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
  let hasClient = false;
  const first = new Promise<Socket>((resolve) => {
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => {});
      if (hasClient) socket.destroy();
      else resolve(socket);
      hasClient = true;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const closing = new AbortController();
  return {
    port,
    close() {
      server.close();
      closing.abort(new ProbeError('PROBE_ERR_CONNECT', 'the played server was closed'));
    },
    connect: (signal) =>
      withinTime(first, connectTimeoutMs, signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])),
  };
}

function withinTime(first: Promise<Socket>, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      finish();
    };
    const abort = (): void => settle(() => reject(signal.reason as Error));
    const late = (): void => settle(() => reject(new ProbeError('PROBE_ERR_CONNECT', `the client did not connect within ${timeoutMs} ms`)));
    const timer = setTimeout(late, timeoutMs);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void first.then((socket) => settle(() => resolve(socket.resume())));
  });
}
