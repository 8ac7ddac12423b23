import { once } from 'node:events';
import { ClientError, isRefusal, openConnected, refused, resolveTarget, sendConnected } from '@socklab/client';
import { createSpeaker, printable, quitMatcher, ServiceError, withoutLineEnding, hostPort } from '@socklab/service';
import { maxPayloadBytes, tooLong } from './limits.ts';
import type { Target } from '@socklab/client';
import type { Speaker, Streams } from '@socklab/service';
import type { Socket } from 'node:dgram';

/** Options of {@link runClient}. */
export interface ClientOptions {
  readonly target: Target;
  /** The one datagram to send; without it, each line of standard input is one. */
  readonly say: string | undefined;
  /** A word that ends the conversation, sent or received, and needs no answer. Empty: no such word. */
  readonly quit: string;
  /** Timeout of each answer, in milliseconds; 0 waits forever. */
  readonly timeoutMs: number;
  readonly streams: Streams;
}

/**
 * Sends datagrams to one server, each after the previous one was answered, and shows what is returned.
 *
 * @throws ClientError when an answer does not arrive; ServiceError for a text that does not fit; Error of the system.
 */
export async function runClient(options: ClientOptions): Promise<void> {
  const socket = await openConnected(await resolveTarget(options.target));
  const speaker = createSpeaker(options.say, options.streams);
  try {
    await converse(socket, speaker, options);
  } catch (error) {
    throw isRefusal(error) ? refused(options.target, error) : error;
  } finally {
    speaker.close();
    socket.close();
  }
}

async function converse(socket: Socket, speaker: Speaker, { quit, timeoutMs, target }: ClientOptions): Promise<void> {
  const isQuit = quitMatcher(quit);
  const over = new AbortController();
  let failure: Error | undefined;
  // Shown as it arrives, also while the prompt waits: an unexpected or late datagram is not an answer to the next line.
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
    if (isQuit(payload)) return sendConnected(socket, payload);
    await Promise.all([nextAnswer(socket, timeoutMs, hostPort(target.host, target.port)), sendConnected(socket, payload)]);
  }
  if (failure !== undefined) throw failure;
}

/** The next text to send; `undefined` when there is none, or when the conversation has ended. */
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

async function nextAnswer(socket: Socket, timeoutMs: number, server: string): Promise<void> {
  const timeout = timeoutMs === 0 ? undefined : AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, 'message', timeout === undefined ? {} : { signal: timeout });
  } catch (error) {
    if (timeout?.aborted !== true) throw error;
    throw new ClientError('CLIENT_ERR_NO_ANSWER', `no answer from ${server} within ${timeoutMs} ms`, { cause: error });
  }
}
