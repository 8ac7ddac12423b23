import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { HandshakeStep } from '../../picture/flow.ts';
import type { RunScope } from '../base/closers.ts';
import type { FlowEnds } from '../record/write-log.ts';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Both ends of a connection over loopback. */
export interface LoopbackSockets {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * Opens a connection without reading at either end. Each direction ends separately; the end of the run closes both ends. `onStep` is
 * called as the two programs are told of it.
 */
export async function openSockets(scope: RunScope, onStep: (step: HandshakeStep) => void = () => undefined): Promise<LoopbackSockets> {
  const server = await listenOnLoopback(scope, createServer({ allowHalfOpen: true, pauseOnConnect: true }));
  server.on('connection', ({ remotePort }) => {
    if (remotePort === client.localPort) onStep('accepted');
  });
  onStep('connect');
  const client = connect({ host: '127.0.0.1', port: portOf(server), allowHalfOpen: true });
  // Before it is connected, so that the first read waits for a call.
  client.pause();
  client.once('connect', () => onStep('connected'));
  closeWithRun(scope, client);
  const accepted = await acceptFrom(scope, server, client);
  server.close();
  return { client, server: accepted };
}

/** Listens on a port of 127.0.0.1 chosen by the system, until the run ends. A run that has ended opens nothing. */
export async function listenOnLoopback(scope: RunScope, server: Server): Promise<Server> {
  scope.signal.throwIfAborted();
  // Calls back even if it was closed before.
  scope.onClose(() => new Promise((resolve) => void server.close(() => resolve())));
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening', { signal: scope.signal });
  scope.usesPort('tcp', portOf(server));
  return server;
}

/** Port of a listening server. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** The ends of what `socket` sends; `undefined` when it is not connected, or no longer. */
export function endsOf(socket: Socket, client: 'from' | 'to'): FlowEnds | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || localPort === undefined || remoteAddress === undefined || remotePort === undefined) return undefined;
  return { from: { host: localAddress, port: localPort }, to: { host: remoteAddress, port: remotePort }, client };
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

/** The accepted end of `socket`. Other connections to the port are refused. */
export async function acceptFrom(scope: RunScope, server: Server, socket: Socket): Promise<Socket> {
  const candidates: Socket[] = [];
  server.on('connection', (candidate: Socket) => {
    closeWithRun(scope, candidate);
    // Errors surface in reads and writes.
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
