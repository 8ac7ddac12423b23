import { once } from 'node:events';
import { connect } from 'node:net';
import { framed } from '@socklab/framing/node';
import { createOperatorConsole } from '@socklab/service';
import { endSocket } from '../end-socket.ts';
import { createInbox } from '../inbox.ts';
import { isTerminal } from '../streams.ts';
import { CONVERSATIONS } from './conversations.ts';
import { ClientError } from './errors.ts';
import type { Socket } from 'node:net';
import type { Codec } from '@socklab/framing';
import type { ConnectTarget } from '@socklab/service';
import type { Streams } from '../streams.ts';
import type { Speaker } from './conversations.ts';

/** What {@link runClient} is told. */
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
  const voice = createVoice(options);
  const { quit, keepsBoundaries, session } = options;
  try {
    await CONVERSATIONS[session]?.({ messages, inbox: createInbox(messages), speaker: voice.speaker, quit, keepsBoundaries });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    voice.close();
  }
  await endSocket(socket);
}

/** @throws ClientError `TCP_ECHO_ERR_CONNECT_TIMEOUT`; Error of the system. */
async function open(target: ConnectTarget, timeoutMs: number): Promise<Socket> {
  const socket = connect({ ...target, noDelay: true, allowHalfOpen: true });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    if (!signal.aborted) throw error;
    throw new ClientError('TCP_ECHO_ERR_CONNECT_TIMEOUT', `no connection within ${timeoutMs} ms`);
  }
}

function createVoice({ say, streams }: ClientOptions): { readonly speaker: Speaker; close(): void } {
  const { stdin, stdout } = streams;
  if (say === undefined) {
    const console = createOperatorConsole({ input: stdin, output: stdout, terminal: isTerminal(streams) });
    return { speaker: console, close: () => console.close() };
  }
  const said = [say];
  const print = (text: string): void => void stdout.write(`${text}\n`);
  return { speaker: { ask: async () => said.shift(), print }, close: () => {} };
}
