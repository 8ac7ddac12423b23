import type { Server } from 'node:net';

/** Prints the port, as all contenders do: the first line of standard output. */
export function announce(server: Server): void {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`);
}
