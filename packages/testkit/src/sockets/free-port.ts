import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out, from 32768 on: no connection takes one by chance. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/** A free TCP port of 127.0.0.1, for a program that takes no 0 or has to come back to the same port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(FIRST_PORT + randomInt(PORTS), '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return freePort();
  }
  const { port } = server.address() as { readonly port: number };
  await once(server.close(), 'close');
  return port;
}
