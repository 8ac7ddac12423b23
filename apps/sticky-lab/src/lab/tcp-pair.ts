import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { BytesIn } from '@socklab/framing';
import type { Closers } from './closers.ts';
import { untilQueued, type Arrival } from './kernel-queue.ts';
import { connectReceiver, type Receiver } from './receiver.ts';
import type { RecvProgram } from './recv.ts';
import { createSender, type Sender } from './sender.ts';

/** One real TCP connection over loopback. */
export interface TcpPair<Result> {
  readonly sender: Sender;
  readonly receiver: Receiver<Result>;
  /**
   * Resolves once `byteLength` bytes wait in the receiver's kernel queue, and tells how that was made sure. To be called
   * before `receiver.start()`.
   */
  readonly arrived: (byteLength: number) => Promise<Arrival>;
  /**
   * Sends `pieces`, each only when the receiver has read all before it, so that no read can see two of them. Starts the
   * receiver; stops early when its program is done.
   */
  readonly deliver: (pieces: Iterable<BytesIn>) => Promise<void>;
}

/** Opens a connection whose receiving end runs `program`. */
export async function openTcpPair<Result>(program: RecvProgram<Result>, closers: Closers, signal: AbortSignal): Promise<TcpPair<Result>> {
  const server = createServer();
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  closers.add(() => closeServer(server));
  const { port } = server.address() as AddressInfo;
  const { receiver, socket } = connectReceiver(port, program);
  closers.add(() => closeSocket(socket));
  const accepted = await acceptFrom(server, socket, closers, signal);
  server.close();
  const sender = createSender(accepted);
  const ports = { localPort: accepted.remotePort ?? 0, remotePort: port };
  return {
    sender,
    receiver,
    async arrived(byteLength) {
      await sender.written();
      return untilQueued(ports, byteLength, signal);
    },
    deliver: (pieces) => deliverPieces(sender, receiver, pieces),
  };
}

async function deliverPieces(sender: Sender, receiver: Receiver<unknown>, pieces: Iterable<BytesIn>): Promise<void> {
  receiver.start();
  let sentBytes = 0;
  for (const piece of pieces) {
    if (receiver.isDone) return;
    sender.send(piece);
    sentBytes += piece.length;
    await receiver.hasRead(sentBytes);
  }
}

/** The accepted end of `socket`. Anybody else who finds the port is turned away. */
async function acceptFrom(server: Server, socket: Socket, closers: Closers, signal: AbortSignal): Promise<Socket> {
  const connected = once(socket, 'connect', { signal });
  const candidates: Socket[] = [];
  server.on('connection', (candidate) => {
    candidates.push(candidate);
    closers.add(() => closeSocket(candidate));
    // A receiver that is done resets what it did not read; what matters of that, the sender's writes tell.
    candidate.on('error', () => undefined);
  });
  await connected;
  for (;;) {
    const own = candidates.find(({ remotePort }) => remotePort === socket.localPort);
    if (own !== undefined) return own;
    await once(server, 'connection', { signal });
  }
}

function closeServer(server: Server): Promise<void> {
  // Calls back when it is closed and its connections are, also when it was closed before.
  return new Promise((resolve) => void server.close(() => resolve()));
}

async function closeSocket(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  socket.destroy();
  await closed;
}
