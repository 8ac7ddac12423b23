// A server that is right and one that is not.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Greets whom each whole line names, however it comes. */
export function greetLines(socket: Socket): void {
  let pending = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    pending += text;
    for (let end = pending.indexOf('\n'); end !== -1; end = pending.indexOf('\n')) {
      socket.write(`hello ${pending.slice(0, end + 1)}`);
      pending = pending.slice(end + 1);
    }
  });
}

/** The bug: what one read brings is taken for one line. */
export function greetChunks(socket: Socket): void {
  socket.on('data', (chunk) => socket.write(`hello ${chunk.toString()}`));
}

/** What `use` comes to with the address of a server that runs meanwhile. */
export async function served<T>(serve: (socket: Socket) => void, use: (target: string) => Promise<T>): Promise<T> {
  const server: Server = createServer((socket) => serve(socket.on('error', () => {})));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await use(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}
