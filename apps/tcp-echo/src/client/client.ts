import { once } from 'node:events';
import { connect } from 'node:net';
import { framed } from '@socklab/framing/node';
import { createSpeaker } from '@socklab/service';
import { endSocket, ClientError } from '@socklab/client';
import { createInbox } from '../inbox.ts';
import { CONVERSATIONS } from './conversations.ts';
import type { Socket } from 'node:net';
import type { Codec } from '@socklab/framing';
import type { ConnectTarget, Streams } from '@socklab/service';

/** Options of {@link runClient}. */
export interface ClientOptions {
  readonly target: ConnectTarget;
  /** The conversation that the server leads. */
  readonly session: string;
  /** The one thing to say; without it, lines of standard input. */
  readonly say: string | undefined;
  readonly quit: string;
  readonly codec: Codec;
  readonly keepsBoundaries: boolean;
  /** How long connecting may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly streams: Streams;
}

/** Bytes read ahead, so that the server's leaving is noticed at the prompt. */
const READ_AHEAD_BYTES = 65_536;

/** Connects, has one conversation, and closes. */
export async function runClient(options: ClientOptions): Promise<void> {
  const socket = await open(options.target, options.timeoutMs);
  socket.on('error', () => {});
  const messages = framed(socket, options.codec, { readAheadBytes: READ_AHEAD_BYTES });
  const speaker = createSpeaker(options.say, options.streams);
  const { quit, keepsBoundaries, session } = options;
  try {
    await CONVERSATIONS[session]?.({ messages, inbox: createInbox(messages), speaker, quit, keepsBoundaries });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    speaker.close();
  }
  await new Promise<void>((resolve) => endSocket(socket, resolve));
}

/** @throws ClientError `CLIENT_ERR_CONNECT_TIMEOUT`; Error of the system. */
async function open(target: ConnectTarget, timeoutMs: number): Promise<Socket> {
  const socket = connect({ ...target, noDelay: true, allowHalfOpen: true });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    if (!signal.aborted) throw error;
    throw new ClientError('CLIENT_ERR_CONNECT_TIMEOUT', `no connection within ${timeoutMs} ms`);
  }
}
