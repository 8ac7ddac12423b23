// One echo server alone in this process: node server.ts <name>. It reports its port, then its usage whenever it is asked.

import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Something that echoes frames of u32be, or of the package's own length. */
export interface EchoPeer {
  readonly name: string;
  /** What it does, for the table. */
  readonly about: string;
  readonly wire: 'u32be' | 'u32le' | 'protobuf';
}

/** One way to do that in Node.js: one file in `servers/`, named as it is. */
export interface EchoServer extends EchoPeer {
  readonly serve: (socket: Socket) => void;
}

/** Usage of the process so far. */
export interface Usage {
  readonly cpuUs: number;
  readonly residentBytes: number;
  /** In V8's heap and outside of it. */
  readonly heldBytes: number;
}

if (process.argv[1] === import.meta.filename) {
  const { server } = (await import(`./servers/${process.argv[2]!}.ts`)) as { server: EchoServer };
  const listener = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    server.serve(socket);
  });
  listener.listen(0, '127.0.0.1', () => process.send!((listener.address() as AddressInfo).port));
  process.on('message', (request) => {
    if (request === 'collect') globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send!({ cpuUs: user + system, residentBytes: rss, heldBytes: heapUsed + external } satisfies Usage);
  });
  process.on('disconnect', () => process.exit());
}
