import { endSocket, openSocket } from '@socklab/client';
import { framed } from '@socklab/framing/node';
import { createSpeaker } from '@socklab/service';
import { CONVERSATIONS } from './conversations.ts';
import type { Codec } from '@socklab/framing';
import type { ConnectTarget, Streams } from '@socklab/service';

/** Options of {@link runClient}. */
export interface ClientOptions {
  readonly target: ConnectTarget;
  /** The session of the server. */
  readonly session: string;
  /** The one message to send; without it, lines of standard input. */
  readonly say: string | undefined;
  readonly quit: string;
  readonly codec: Codec;
  readonly keepsBoundaries: boolean;
  /** Timeout of connecting, in milliseconds. */
  readonly timeoutMs: number;
  readonly streams: Streams;
}

/** Bytes read ahead, so that the server's end is noticed at the prompt. */
const READ_AHEAD_BYTES = 65_536;

/** Connects, has one conversation, and closes. */
export async function runClient(options: ClientOptions): Promise<void> {
  const socket = await openSocket({ target: options.target, timeoutMs: options.timeoutMs });
  socket.on('error', () => {});
  const messages = framed(socket, options.codec, { readAheadBytes: READ_AHEAD_BYTES });
  const speaker = createSpeaker(options.say, options.streams);
  const { quit, keepsBoundaries, session } = options;
  try {
    await CONVERSATIONS[session]?.({ messages, speaker, quit, keepsBoundaries });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    speaker.close();
  }
  await new Promise<void>((resolve) => endSocket(socket, resolve));
}
