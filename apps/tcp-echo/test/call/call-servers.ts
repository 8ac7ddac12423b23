import { createServer } from 'node:net';
import { listening } from '@socklab/testkit';
import type { LoadOptions } from '../../src/call/index.ts';
import type { Socket } from 'node:net';

/** A server made for a test: where it is, until it is disposed of. */
export interface TestServer extends AsyncDisposable {
  readonly target: { readonly host: string; readonly port: number };
}

/** Serves each connection with `serve`, half-open allowed. */
export async function serving(serve: (socket: Socket) => void): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  const port = await listening(server);
  return {
    target: { host: '127.0.0.1', port },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Serves each connection by what `answer` makes of all the bytes of it so far, each time more come; what was answered is gone. */
export function answering(answer: (bytes: Buffer, socket: Socket) => number): Promise<TestServer> {
  return serving((socket) => {
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let used = answer(bytes, socket); used > 0; used = answer(bytes, socket)) bytes = bytes.subarray(used);
    });
    socket.on('end', () => socket.end());
  });
}

/** Options of a load of messages that are all 64 bytes. */
export function loadOf(messages: number, options: Omit<LoadOptions, 'target' | 'messages'> = {}): Omit<LoadOptions, 'target'> {
  return { messages, sizes: { min: 64, max: 64 }, timeoutMs: 5000, ...options };
}
