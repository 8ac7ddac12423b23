import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as passed } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuNanoseconds, residentBytes, startListening } from '@socklab/bench';
import { codecByName } from '@socklab/framing';
import { Load } from './load.ts';
import type { ForeignServer } from './foreign.ts';
import type { EchoServer, Usage } from './server.ts';
import type { ChildProcess } from 'node:child_process';

/** What clients do in one measurement. */
export interface EchoCell {
  readonly connections: number;
  readonly payloadBytes: number;
  /** Frames that each connection keeps in flight. */
  readonly depth: number;
}

/** The result. */
export interface EchoSample {
  /** Processor time of the server, kernel time included. */
  readonly cpuUs: number;
  readonly messagesPerSecond: number;
  readonly p99Us: number;
  readonly residentBytes: number;
}

const WARM_UP_MS = 200;
/** How often to wait anew when nothing came back. */
const MAX_WAITS = 10;

/** A server that runs, and what it used so far. */
interface Started extends AsyncDisposable {
  readonly port: number;
  usage(): Promise<Pick<Usage, 'cpuUs' | 'residentBytes'>>;
}

/** Starts a server in a process of its own and loads it for `milliseconds`, after warming up. */
export async function measure(server: EchoServer | ForeignServer, cell: EchoCell, milliseconds: number): Promise<EchoSample> {
  await using started = 'command' in server ? await startProgram(server) : await startNode(server);
  const load = new Load(codecByName(server.wire).encode(new Uint8Array(cell.payloadBytes).fill(0x61)), cell.depth);
  try {
    await load.start(started.port, cell.connections);
    await passed(('warmUpMs' in server ? server.warmUpMs : undefined) ?? WARM_UP_MS);
    const [before, answered, startedAt] = [await started.usage(), load.answered, performance.now()];
    load.forgetLatencies();
    // Where much is under way one round can take longer than that.
    for (let waits = 0; waits < MAX_WAITS && load.answered === answered; waits++) await passed(milliseconds);
    const p99Us = load.p99Us();
    const messages = load.answered - answered;
    const seconds = (performance.now() - startedAt) / 1000;
    const after = await started.usage();
    if (messages === 0) throw new Error(`${server.name} answered nothing in ${JSON.stringify(cell)}`);
    return {
      cpuUs: (after.cpuUs - before.cpuUs) / messages,
      messagesPerSecond: messages / seconds,
      p99Us,
      residentBytes: after.residentBytes,
    };
  } finally {
    load.stop();
  }
}

async function startNode({ name }: EchoServer): Promise<Started> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [name]);
  return {
    port: (await answer(child)) as number,
    usage: () => usage(child),
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function startProgram({ command }: ForeignServer): Promise<Started> {
  const program = await startListening(command);
  const { pid, port } = program;
  return {
    port,
    usage: async () => ({ cpuUs: cpuNanoseconds(pid) / 1000, residentBytes: residentBytes(pid) }),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

async function usage(child: ChildProcess): Promise<Usage> {
  child.send('usage');
  return (await answer(child)) as Usage;
}

/** The next IPC message of a server. */
export async function answer(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, 'message')) as [unknown];
  return message;
}
