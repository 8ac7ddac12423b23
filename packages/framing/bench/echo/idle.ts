import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { codecByName } from '@socklab/framing';
import { answer } from './measure.ts';
import type { EchoServer, Usage } from './server.ts';
import type { Socket } from 'node:net';

/** What a connection that has echoed one message and waits for the next holds, in bytes. */
export interface IdleSample {
  readonly connections: number;
  /** In V8's heap and outside of it, after a collection. */
  readonly heldBytes: number;
  readonly residentBytes: number;
}

/** Connections that are opened at a time: fewer than a listener's backlog. */
const BATCH = 200;
const PAYLOAD_BYTES = 1024;

/** Opens `connections` to a server in a process of its own, has one message echoed on each, and looks at what it holds then. */
export async function measureIdle({ name, wire }: EchoServer, connections: number): Promise<IdleSample> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [name], { execArgv: ['--expose-gc'] });
  const sockets: Socket[] = [];
  try {
    const port = (await answer(child)) as number;
    const frame = codecByName(wire).encode(new Uint8Array(PAYLOAD_BYTES));
    // The first ones load code and fill pools.
    sockets.push(...(await open(port, BATCH, frame)));
    const before = await held();
    while (sockets.length < connections + BATCH) sockets.push(...(await open(port, BATCH, frame)));
    const after = await held();
    return {
      connections,
      heldBytes: (after.heldBytes - before.heldBytes) / connections,
      residentBytes: (after.residentBytes - before.residentBytes) / connections,
    };
  } finally {
    for (const socket of sockets) socket.destroy();
    child.disconnect();
    await once(child, 'exit');
  }

  async function held(): Promise<Usage> {
    child.send('collect');
    return (await answer(child)) as Usage;
  }
}

async function open(port: number, count: number, frame: Uint8Array): Promise<readonly Socket[]> {
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(port, '127.0.0.1');
      socket.write(frame);
      for (let echoed = 0; echoed < frame.length;) {
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        echoed += chunk.length;
      }
      return socket;
    }),
  );
}
