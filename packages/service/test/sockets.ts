import { once } from 'node:events';
import { connect } from 'node:net';
import type { NetConnectOpts, Socket } from 'node:net';

/** A connection that is established. */
export async function connected(options: NetConnectOpts): Promise<Socket> {
  const socket = connect(options);
  await once(socket, 'connect');
  // Tests look at what the server does; that it may reset the connection is part of it.
  return socket.on('error', () => undefined);
}

/** Everything the peer sends until it ends. */
export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

/** Sends one line and gives the next chunk that comes back. */
export async function ask(socket: Socket, line: string): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(`${line}\n`);
  return String((await answer)[0]).trim();
}
