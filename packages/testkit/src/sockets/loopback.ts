import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createWatch } from '../waiting/watch.ts';
import type { AddressInfo, Server, ServerOpts, Socket } from 'node:net';
import type { TcpNetConnectOpts } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** Options of {@link connectTo}: those of `net.connect`, without the port. Host by default 127.0.0.1. */
export type ConnectOptions = Omit<Partial<TcpNetConnectOpts>, 'port'>;

/** Listens on a port of 127.0.0.1 that the system picks, unless it listens already; resolves with the port. */
export async function listening(server: Server, host: string = LOOPBACK): Promise<number> {
  if (!server.listening) {
    server.listen({ port: 0, host });
    await once(server, 'listening');
  }
  return (server.address() as AddressInfo).port;
}

/** Resolves with a connected socket; rejects with the system's error. A string is the path of a unix socket. */
export async function connectTo(target: number | string, options: ConnectOptions = {}): Promise<Socket> {
  const where = typeof target === 'string' ? { path: target } : { port: target, host: LOOPBACK };
  const socket = connect({ ...where, ...options } as TcpNetConnectOpts);
  await once(socket, 'connect');
  return socket;
}

/** All bytes until the peer ends its side. Rejects with the socket's error, or when it closes without an end. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return whileReadable(socket, 'the end of the connection', () => {
    for (let chunk = take(socket); chunk !== undefined; chunk = take(socket)) chunks.push(chunk);
    return socket.readableEnded ? Buffer.concat(chunks) : undefined;
  });
}

/** Exactly `byteLength` bytes, however they were cut; later bytes stay in the socket. Rejects when the end comes first. */
export async function receive(socket: Socket, byteLength: number): Promise<Buffer> {
  if (byteLength === 0) return Buffer.alloc(0);
  return whileReadable(socket, `${byteLength} bytes`, () => {
    const bytes = take(socket, byteLength);
    if (bytes?.length === byteLength) return bytes;
    if (bytes !== undefined || socket.readableEnded) {
      throw new Error(`the connection ended after ${bytes?.length ?? 0} of ${byteLength} bytes: ${bytes?.toString('hex')}`);
    }
    return undefined;
  });
}

/** Resolves when the socket is closed, with the error that closed it, if any. Unread bytes are dropped. */
export async function closed(socket: Socket): Promise<NodeJS.ErrnoException | undefined> {
  const watch = createWatch({ describe: () => `${socket.bytesRead} bytes were read, ${socket.bytesWritten} written` });
  const onClose = (): void => watch.changed();
  // Without a reader the end never arrives.
  socket.resume().on('error', ignore).on('close', onClose);
  try {
    await watch.until('the connection to close', () => (socket.closed ? true : undefined));
    return socket.errored ?? undefined;
  } finally {
    socket.off('error', ignore).off('close', onClose);
  }
}

// The error is the result here, not a failure.
function ignore(): void {}

/** Two ends of one TCP connection over loopback. `await using` closes both. */
export interface SocketPair extends AsyncDisposable {
  readonly client: Socket;
  readonly server: Socket;
  /** Destroys both ends; resolves when both are closed. */
  close(): Promise<void>;
}

/** Options of {@link socketPair}. */
export interface SocketPairOptions {
  /** Options of the accepting end, for example `{ allowHalfOpen: true }`. */
  readonly server?: ServerOpts;
  /** Options of the connecting end, for example `{ onread }`. */
  readonly client?: ConnectOptions;
}

/** Makes a {@link SocketPair}. */
export async function socketPair(options: SocketPairOptions = {}): Promise<SocketPair> {
  const listener = createServer(options.server ?? {});
  const port = await listening(listener);
  const accepted = once(listener, 'connection') as Promise<[Socket]>;
  const [client, [server]] = await Promise.all([connectTo(port, options.client), accepted]);
  listener.close();
  const close = async (): Promise<void> => {
    client.destroy();
    server.destroy();
    await Promise.all([closed(client), closed(server)]);
  };
  return { client, server, close, [Symbol.asyncDispose]: close };
}

/** Bytes of the socket, at most `byteLength` when given; `undefined` while they are not there. */
function take(socket: Socket, byteLength?: number): Buffer | undefined {
  return (socket.read(byteLength) as Buffer | null) ?? undefined;
}

async function whileReadable<T>(socket: Socket, what: string, check: () => T | undefined): Promise<T> {
  const watch = createWatch({ describe: () => `${socket.bytesRead} bytes were read, ${socket.readableLength} wait` });
  const onChange = (): void => watch.changed();
  const onError = (error: Error): void => watch.ended(error);
  const onClose = (): void => watch.ended('the connection closed without an end');
  socket.on('readable', onChange).on('end', onChange).on('error', onError).on('close', onClose);
  if (socket.destroyed) watch.ended(socket.errored ?? 'the connection is closed');
  try {
    return await watch.until(what, check);
  } finally {
    socket.off('readable', onChange).off('end', onChange).off('error', onError).off('close', onClose);
  }
}
