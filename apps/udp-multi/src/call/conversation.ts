import { printable, ServiceError } from '@socklab/service';
import { ClientError } from '../errors.ts';
import { maxPayloadBytes, tooLong } from '../limits.ts';
import { peerName } from '../peers.ts';
import { isRefusal, openConnected, refused, resolveTarget, sendConnected } from './connected-socket.ts';
import { CallError } from './errors.ts';
import { openLineConsole } from './line-console.ts';
import type { Socket } from 'node:dgram';
import type { Streams } from '@socklab/service';
import type { Peer } from '../peers.ts';
import type { Target } from './connected-socket.ts';

/** What a conversation is told. */
export interface ConversationOptions {
  readonly target: Target;
  /** How long each answer may take, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Sends one datagram and prints its answer.
 *
 * @throws ClientError `UDP_ERR_NO_ANSWER`, `UDP_ERR_REFUSED`; ServiceError `SERVICE_ERR_USAGE` for a text that does not fit.
 */
export async function callOnce(text: string, options: ConversationOptions, print: (text: string) => void): Promise<void> {
  await using asker = await openAsker(options, print);
  const isAnswered = await asker.ask(text);
  if (!isAnswered) throw noAnswer(options);
}

/**
 * Sends each line of standard input as a datagram and prints what comes, when it comes: an answer that is late, or comes twice,
 * is shown like any other. A line that gets no answer in time is told on standard error, and the next one goes.
 *
 * @throws CallError `UDP_ERR_UNANSWERED` at the end, when there were such lines; else as {@link callOnce}.
 */
export async function converse(options: ConversationOptions, streams: Streams, isQuiet: boolean): Promise<void> {
  const { lines, print, tell } = openLineConsole(streams);
  try {
    await using asker = await openAsker(options, isQuiet ? () => undefined : print);
    let [asked, unanswered] = [0, 0];
    for (let line = await lines.ask(); line !== undefined; line = await lines.ask()) {
      asked += 1;
      if (await asker.ask(line)) continue;
      unanswered += 1;
      tell(noAnswer(options).message);
    }
    if (unanswered > 0) throw new CallError('UDP_ERR_UNANSWERED', `${unanswered} of ${asked} datagrams were not answered`);
  } finally {
    lines.close();
  }
}

interface Asker extends AsyncDisposable {
  /** Sends a text; false when no datagram came in time after it. */
  ask(text: string): Promise<boolean>;
}

async function openAsker({ target, timeoutMs }: ConversationOptions, print: (text: string) => void): Promise<Asker> {
  const server = await resolveTarget(target);
  const socket = await openConnected(server);
  socket.on('message', (payload) => print(printable(payload)));
  return {
    async ask(text) {
      const payload = Buffer.from(text);
      checkFits(payload, server);
      const answer = nextDatagram(socket, timeoutMs);
      try {
        const [isAnswered] = await Promise.all([answer, sendConnected(socket, payload)]);
        return isAnswered;
      } catch (error) {
        throw isRefusal(error) ? refused(target, error) : error;
      }
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(resolve)),
  };
}

/** Whether a datagram comes in time. Rejects with the socket's error. */
function nextDatagram(socket: Socket, timeoutMs: number): Promise<boolean> {
  const came = Promise.withResolvers<boolean>();
  const onMessage = (): void => came.resolve(true);
  const timer = setTimeout(() => came.resolve(false), timeoutMs);
  socket.once('message', onMessage).once('error', came.reject);
  return came.promise.finally(() => {
    clearTimeout(timer);
    socket.off('message', onMessage).off('error', came.reject);
  });
}

function checkFits(payload: Uint8Array, { family }: Peer): void {
  if (payload.length <= maxPayloadBytes(family)) return;
  throw new ServiceError('SERVICE_ERR_USAGE', tooLong('a text', payload.length, family));
}

function noAnswer({ target: { host, port }, timeoutMs }: ConversationOptions): ClientError {
  return new ClientError('UDP_ERR_NO_ANSWER', `no answer from ${peerName({ address: host, port })} within ${timeoutMs} ms`);
}
