import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ServiceError } from '@socklab/service';
import type { BytesIn } from '@socklab/framing';
import type { AddressInfo } from 'node:net';

/** The behaviour of our server for a client. */
export interface ClientRunOptions {
  /** The reply is sent when this many bytes have arrived. */
  readonly requestBytes: number;
  readonly reply: BytesIn;
  readonly signal: AbortSignal;
}

/** What a client did. */
export interface ClientRun {
  /** What it sent; `undefined` when it did not connect. */
  readonly sent: Buffer | undefined;
  readonly stdout: string;
  /** `null` when it did not end in time. */
  readonly exitCode: number | null;
}

const PATIENCE_MS = 10_000;
const MAX_OUTPUT_BYTES = 65_536;
const MAX_SENT_BYTES = 65_536;

/** Runs a client once against our server, which replies in one piece. */
export async function runClient(words: readonly string[], { requestBytes, reply, signal }: ClientRunOptions): Promise<ClientRun> {
  let sent: Buffer | undefined;
  const server = createServer((socket) => {
    let hasReplied = false;
    sent ??= Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      sent = Buffer.concat([sent ?? Buffer.alloc(0), chunk]).subarray(0, MAX_SENT_BYTES);
      if (hasReplied || sent.length < requestBytes) return;
      hasReplied = true;
      socket.write(reply);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const ended = await runCommand(words, port, signal);
    return { sent, ...ended };
  } finally {
    server.close();
  }
}

async function runCommand(words: readonly string[], port: number, signal: AbortSignal): Promise<Omit<ClientRun, 'sent'>> {
  const [command = '', ...args] = words.map((word) => word.replaceAll('{port}', String(port)).replaceAll('{host}', '127.0.0.1'));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], signal: limit, killSignal: 'SIGKILL' });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (stdout.length < MAX_OUTPUT_BYTES) stdout += chunk.toString();
  });
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { stdout, exitCode };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return { stdout, exitCode: null };
    throw new ServiceError('SERVICE_ERR_USAGE', `cannot start ${JSON.stringify(command)}: ${(error as Error).message}`, { cause: error });
  }
}
