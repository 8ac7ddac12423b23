import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { RunScope } from '../base/closers.ts';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Both ends of a connection over loopback. */
export interface LoopbackSockets {
  readonly client: Socket;
  readonly server: Socket;
}

/** Opens a connection of which nothing is read yet, at neither end. Each direction ends by itself; the run's end closes both. */
export async function openSockets(scope: RunScope): Promise<LoopbackSockets> {
  const server = await listenOnLoopback(scope, createServer({ allowHalfOpen: true, pauseOnConnect: true }));
  const client = connect({ host: '127.0.0.1', port: portOf(server), allowHalfOpen: true });
  // Before it is connected, so that the first read waits until it is asked for.
  client.pause();
  closeWithRun(scope, client);
  const accepted = await acceptFrom(scope, server, client);
  server.close();
  return { client, server: accepted };
}

/** Listens on a port of 127.0.0.1 that the system picks, until the run ends. A run that is over opens nothing. */
export async function listenOnLoopback(scope: RunScope, server: Server): Promise<Server> {
  scope.signal.throwIfAborted();
  // Calls back also when it was closed before.
  scope.onClose(() => new Promise((resolve) => void server.close(() => resolve())));
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening', { signal: scope.signal });
  return server;
}

/** The port of a server that listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Destroys `socket` when the run ends. */
export function closeWithRun(scope: RunScope, socket: Socket): void {
  scope.onClose(async () => {
    if (socket.closed) return;
    const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
    socket.destroy();
    await closed;
  });
}

/** The accepted end of `socket`. Anybody else who finds the port is turned away. */
export async function acceptFrom(scope: RunScope, server: Server, socket: Socket): Promise<Socket> {
  const candidates: Socket[] = [];
  server.on('connection', (candidate: Socket) => {
    closeWithRun(scope, candidate);
    // What breaks is told by what is written and read.
    candidate.on('error', () => undefined);
    candidates.push(candidate);
  });
  await once(socket, 'connect', { signal: scope.signal });
  for (;;) {
    const own = candidates.find(({ remotePort }) => remotePort === socket.localPort);
    if (own !== undefined) return own;
    await once(server, 'connection', { signal: scope.signal });
  }
}
