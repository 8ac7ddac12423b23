import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out: Linux begins at 32768, macOS and Windows at 49152. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const TRIES = 100;
/** Somebody has it, or Windows keeps it for somebody. */
const TAKEN: ReadonlySet<unknown> = new Set(['EADDRINUSE', 'EACCES']);

/**
 * A free port of 127.0.0.1 that the system gives to nobody who asks for any port: so no connection takes it before a program listens
 * there, or while that is restarted, and none that tries it meanwhile is connected with itself.
 */
export function freePort(): Promise<number> {
  return firstFree(async (port) => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    await once(server.close(), 'close');
  });
}

/** The same for UDP. */
export function freeUdpPort(): Promise<number> {
  return firstFree(async (port) => {
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    await once(socket, 'listening');
    socket.close();
  });
}

async function firstFree(bind: (port: number) => Promise<void>): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = FIRST_PORT + randomInt(PORTS);
    try {
      await bind(port);
      return port;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && TAKEN.has(error.code);
      if (!isTaken || tries === TRIES) throw error;
    }
  }
}
