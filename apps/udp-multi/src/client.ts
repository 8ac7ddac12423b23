import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createSpeaker, printable, quitMatcher, ServiceError, withoutLineEnding } from '@socklab/service';
import { ClientError } from '@socklab/client';
import { maxPayloadBytes, tooLong } from './limits.ts';
import { peerName } from './peers.ts';
import type { Socket } from 'node:dgram';
import type { Speaker, Streams } from '@socklab/service';

/** Options of {@link runClient}. */
export interface ClientOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** The one datagram to send; without it, each line of standard input is one. */
  readonly say: string | undefined;
  /** Ends the conversation, sent or received, and wants no answer. Empty: no such word. */
  readonly quit: string;
  /** How long each answer may take, in milliseconds; 0 waits for ever. */
  readonly timeoutMs: number;
  readonly streams: Streams;
}

/**
 * Sends datagrams to one server, each one answered before the next, and shows what comes back.
 *
 * @throws ClientError when an answer does not come; ServiceError for a text that does not fit; Error of the system.
 */
export async function runClient(options: ClientOptions): Promise<void> {
  const socket = await connect(options.target);
  const speaker = createSpeaker(options.say, options.streams);
  try {
    await converse(socket, speaker, options);
  } catch (error) {
    throw explained(error, options.target);
  } finally {
    speaker.close();
    socket.close();
  }
}

/** Connected, so that only this server's datagrams come in, and the system tells when nothing listens there. */
async function connect({ host, port }: ClientOptions['target']): Promise<Socket> {
  // There is no handshake to try both families with; a name that has both means the IPv4 address more often.
  const { address, family } = await lookup(host, { order: 'ipv4first' });
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  socket.connect(port, address);
  await once(socket, 'connect');
  return socket;
}

async function converse(socket: Socket, speaker: Speaker, { quit, timeoutMs, target }: ClientOptions): Promise<void> {
  const isQuit = quitMatcher(quit);
  const over = new AbortController();
  let failure: Error | undefined;
  // Shown as it comes, also when the prompt waits: a datagram that was not asked for, or came late, is not an answer to the next line.
  socket.on('message', (payload) => {
    speaker.print(printable(withoutLineEnding(payload)));
    if (isQuit(payload)) over.abort();
  });
  socket.on('error', (error) => {
    failure = error;
    over.abort();
  });
  for (let text = await ask(speaker, over.signal); text !== undefined; text = await ask(speaker, over.signal)) {
    const payload = Buffer.from(text);
    checkLength(payload, socket);
    if (isQuit(payload)) return send(socket, payload);
    await Promise.all([nextAnswer(socket, timeoutMs, peerName({ address: target.host, port: target.port })), send(socket, payload)]);
  }
  if (failure !== undefined) throw failure;
}

/** The next text to send; `undefined` when there is none, or when the conversation is over meanwhile. */
async function ask(speaker: Speaker, over: AbortSignal): Promise<string | undefined> {
  try {
    return await speaker.ask(over);
  } catch (error) {
    if (over.aborted) return undefined;
    throw error;
  }
}

function checkLength(payload: Uint8Array, socket: Socket): void {
  const family = socket.address().family === 'IPv6' ? 'IPv6' : 'IPv4';
  if (payload.length > maxPayloadBytes(family)) {
    throw new ServiceError('SERVICE_ERR_USAGE', tooLong('a text', payload.length, family));
  }
}

function send(socket: Socket, payload: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(payload, (error) => (error === null ? resolve() : reject(error)));
  });
}

async function nextAnswer(socket: Socket, timeoutMs: number, server: string): Promise<void> {
  const timeout = timeoutMs === 0 ? undefined : AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, 'message', timeout === undefined ? {} : { signal: timeout });
  } catch (error) {
    if (timeout?.aborted !== true) throw error;
    throw new ClientError('CLIENT_ERR_NO_ANSWER', `no answer from ${server} within ${timeoutMs} ms`, { cause: error });
  }
}

function explained(error: unknown, { host, port }: ClientOptions['target']): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ECONNREFUSED') return error;
  const server = peerName({ address: host, port });
  return new ClientError('CLIENT_ERR_REFUSED', `${server} refused: nothing listens on that UDP port`, { cause: error });
}
