import { hash } from 'node:crypto';
import { describeDifference, ClientError, isRefusal, openConnected, refused, resolveTarget, sendConnected } from '@socklab/client';
import { printable, ServiceError, hostPort } from '@socklab/service';
import { maxPayloadBytes, tooLong } from '../limits.ts';
import { openLineConsole } from './line-console.ts';
import type { Peer } from '../peers.ts';
import type { Target } from '@socklab/client';
import type { Streams } from '@socklab/service';
import type { Socket } from 'node:dgram';

/** Options of a conversation. */
export interface ConversationOptions {
  readonly target: Target;
  /** How long each answer may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Sent datagrams that are remembered, so that a late or repeated answer is not taken for a wrong one. */
const MAX_REMEMBERED = 1000;

/**
 * Sends one datagram and prints its answer, which must be the same.
 *
 * @throws ClientError `CLIENT_ERR_WRONG_ANSWER`; ClientError `CLIENT_ERR_NO_ANSWER`, `CLIENT_ERR_REFUSED`; ServiceError `SERVICE_ERR_USAGE` for a text that does not fit.
 */
export async function callOnce(text: string, options: ConversationOptions, print: (text: string) => void): Promise<void> {
  await using asker = await openAsker(options, print);
  const answer = await asker.ask(text);
  if (answer === 'none') throw noAnswer(options);
  if (asker.wrong !== undefined) throw wrongAnswer(asker.wrong);
}

/**
 * Sends each line of standard input as a datagram and prints what arrives, when it arrives: a late or repeated answer is
 * shown like any other. A line without an answer in time is reported on standard error, and the next one is sent.
 *
 * @throws ClientError at the end: `CLIENT_ERR_WRONG_ANSWER` for the first datagram that equals nothing that was sent,
 * `CLIENT_ERR_UNANSWERED` when lines got no answer; otherwise as {@link callOnce}.
 */
export async function converse(options: ConversationOptions, streams: Streams, isQuiet: boolean): Promise<void> {
  const { lines, print, tell } = openLineConsole(streams);
  try {
    await using asker = await openAsker(options, isQuiet ? () => undefined : print);
    let [asked, unanswered] = [0, 0];
    for (let line = await lines.ask(); line !== undefined; line = await lines.ask()) {
      asked += 1;
      if ((await asker.ask(line)) !== 'none') continue;
      unanswered += 1;
      tell(noAnswer(options).message);
    }
    if (asker.wrong !== undefined) throw wrongAnswer(asker.wrong);
    if (unanswered > 0) throw new ClientError('CLIENT_ERR_UNANSWERED', `${unanswered} of ${asked} datagrams were not answered`);
  } finally {
    lines.close();
  }
}

/** What arrived after a text: the same, something else, or nothing in time. */
type AnswerKind = 'right' | 'wrong' | 'none';

interface Asker extends AsyncDisposable {
  /** The first datagram that equals nothing that was sent. */
  readonly wrong: string | undefined;
  ask(text: string): Promise<AnswerKind>;
}

async function openAsker({ target, timeoutMs }: ConversationOptions, print: (text: string) => void): Promise<Asker> {
  const server = await resolveTarget(target);
  const socket = await openConnected(server);
  const sent = createMemory();
  let payload = Buffer.alloc(0);
  let wrong: string | undefined;
  let onAnswer: ((kind: AnswerKind) => void) | undefined;
  socket.on('message', (answer) => {
    print(printable(answer));
    if (answer.equals(payload)) return onAnswer?.('right');
    if (sent.has(answer)) return;
    wrong ??= describeDifference(payload, answer);
    onAnswer?.('wrong');
  });
  return {
    get wrong() {
      return wrong;
    },
    async ask(text) {
      payload = Buffer.from(text);
      checkFits(payload, server);
      sent.add(payload);
      const answer = nextAnswer(socket, timeoutMs, (resolve) => (onAnswer = resolve));
      try {
        const [kind] = await Promise.all([answer, sendConnected(socket, payload)]);
        return kind;
      } catch (error) {
        throw isRefusal(error) ? refused(target, error) : error;
      }
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(resolve)),
  };
}

/** Resolves with the kind of the answer. Rejects with the socket's error. */
function nextAnswer(socket: Socket, timeoutMs: number, listen: (resolve: (kind: AnswerKind) => void) => void): Promise<AnswerKind> {
  const came = Promise.withResolvers<AnswerKind>();
  const timer = setTimeout(() => came.resolve('none'), timeoutMs);
  listen(came.resolve);
  socket.once('error', came.reject);
  return came.promise.finally(() => {
    clearTimeout(timer);
    socket.off('error', came.reject);
  });
}

const digestOf = (payload: Uint8Array): string => hash('sha256', payload);

/** The last sent datagrams, by their digests. */
function createMemory(): { add(payload: Uint8Array): void; has(payload: Uint8Array): boolean } {
  const digests = new Set<string>();
  return {
    add(payload) {
      digests.add(digestOf(payload));
      if (digests.size <= MAX_REMEMBERED) return;
      for (const oldest of digests) {
        digests.delete(oldest);
        return;
      }
    },
    has: (payload) => digests.has(digestOf(payload)),
  };
}

function wrongAnswer(what: string): ClientError {
  return new ClientError('CLIENT_ERR_WRONG_ANSWER', what);
}

function checkFits(payload: Uint8Array, { family }: Peer): void {
  if (payload.length <= maxPayloadBytes(family)) return;
  throw new ServiceError('SERVICE_ERR_USAGE', tooLong('a text', payload.length, family));
}

function noAnswer({ target: { host, port }, timeoutMs }: ConversationOptions): ClientError {
  return new ClientError('CLIENT_ERR_NO_ANSWER', `no answer from ${hostPort(host, port)} within ${timeoutMs} ms`);
}
