import { once } from 'node:events';
import { createServer } from 'node:net';
import { listening } from '@socklab/testkit';
import { requestExchange } from '../src/exchange/create.ts';
import { probe as probeAtOnce } from '../src/probe.ts';
import type { ProbeOptions } from '../src/probe.ts';
import type { ProbeReport } from '../src/report/model.ts';
import type { Server, Socket } from 'node:net';

const isLinux = process.platform === 'linux';

/** What a probe comes to when all answers are right. */
export const CONFIRMED = isLinux ? 'pass' : 'unconfirmed';

/** One line and its answer. */
export const LINE = requestExchange(Buffer.from('hello\n'), { framing: 'line' });

/** Single cuts, whose number is known. Where nothing hangs there is time enough, however busy the machine is. */
export function probe(options: ProbeOptions): Promise<ProbeReport> {
  return probeAtOnce({ plans: 'every-cut', hangMs: 10_000, pace: { kind: 'auto', timeoutMs: 10_000 }, ...options });
}

/** Servers of one test. */
export interface Targets {
  readonly servers: Server[];
  readonly sockets: Socket[];
  /** Serves with what `serve` does with each connection; returns the target. */
  start(serve: (socket: Socket, connection: number) => void): Promise<string>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

export function createTargets(): Targets {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  return {
    servers,
    sockets,
    start(serve) {
      let connection = 0;
      const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
        sockets.push(socket.on('error', () => {}));
        serve(socket, connection++);
      });
      servers.push(server);
      return listening(server).then((port) => `127.0.0.1:${port}`);
    },
    async stop() {
      for (const socket of sockets.splice(0)) socket.destroy();
      for (const server of servers.splice(0)) if (server.listening) await once(server.close(), 'close');
    },
  };
}

/** Calls `answer` with each whole line, however it came. */
export function lines(socket: Socket, answer: (line: string) => void): void {
  let pending = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    pending += text;
    for (let end = pending.indexOf('\n'); end !== -1; end = pending.indexOf('\n')) {
      answer(pending.slice(0, end));
      pending = pending.slice(end + 1);
    }
  });
  socket.on('end', () => socket.end());
}
