import { ClientError } from '@socklab/client';
import { printable, quitMatcher, withoutLineEnding } from '@socklab/service';
import { checkAnswer } from '../call/open-call.ts';
import { createEar } from '../operator/heard.ts';
import type { Bytes } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';
import type { Speaker } from '@socklab/service';

/** One connection, from the client's side. */
export interface ClientConversation {
  readonly messages: FramedSocket<Bytes, Uint8Array>;
  readonly speaker: Speaker;
  /** The word that ends the conversation; empty: none. */
  readonly quit: string;
  /** Whether messages have boundaries. In a raw stream an answer arrives in any number of pieces. */
  readonly keepsBoundaries: boolean;
}

/** The client's side of each session. */
export const CONVERSATIONS: Readonly<Record<string, (conversation: ClientConversation) => Promise<void>>> = { echo, greet, operator };

const encoder = new TextEncoder();

/** Sends messages and shows the answers, which must be the same, until there is nothing more to send. */
async function echo(conversation: ClientConversation): Promise<void> {
  const { speaker, messages, keepsBoundaries } = conversation;
  const isQuit = quitMatcher(conversation.quit);
  for (let text = await speaker.ask(); text !== undefined; text = await speaker.ask()) {
    const message = encoder.encode(text);
    if (isQuit(message)) return messages.send(message);
    if (message.length === 0 && !keepsBoundaries) continue;
    // Concurrently: an unread answer would keep the server from reading what is still being sent.
    const [answer] = await Promise.all([receiveEcho(conversation, message.length), messages.send(message)]);
    speaker.print(printable(answer));
    checkAnswer(message, answer);
  }
}

/** Receives the greeting, answers, and waits for the server to close. */
async function greet(conversation: ClientConversation): Promise<void> {
  const { messages, speaker } = conversation;
  hear(conversation, await expectMessage(messages, 'a greeting'));
  const text = await speaker.ask();
  if (text !== undefined) await messages.send(encoder.encode(text));
  for await (const message of messages) hear(conversation, message);
}

/** Receives and sends in turn, until one side quits. */
async function operator(conversation: ClientConversation): Promise<void> {
  const { messages, quit, keepsBoundaries } = conversation;
  const isQuit = quitMatcher(quit);
  const ear = createEar(conversation);
  for (let heard = await ear.next(); heard !== undefined; heard = await ear.next()) {
    hear(conversation, heard.message);
    if (heard.isQuit) return;
    const text = await askWhileOpen(conversation);
    const said = encoder.encode(text ?? quit);
    if (said.length > 0 || (text !== undefined && keepsBoundaries)) await messages.send(said);
    if (text === undefined || isQuit(said)) return;
  }
}

async function askWhileOpen({ speaker, messages }: ClientConversation): Promise<string | undefined> {
  const ended = new AbortController();
  void messages.peerEnded.then(() => ended.abort());
  try {
    return await speaker.ask(ended.signal);
  } catch (error) {
    if (ended.signal.aborted) return '';
    throw error;
  }
}

function hear({ speaker }: ClientConversation, message: Bytes): void {
  speaker.print(printable(withoutLineEnding(message)));
}

async function receiveEcho({ messages, keepsBoundaries }: ClientConversation, byteLength: number): Promise<Bytes> {
  if (keepsBoundaries) return expectMessage(messages, 'the echo');
  const pieces: Bytes[] = [];
  for (let received = 0; received < byteLength;) {
    const piece = await expectMessage(messages, `the echo: ${received} of ${byteLength} bytes came`);
    pieces.push(piece);
    received += piece.length;
  }
  return new Uint8Array(Buffer.concat(pieces));
}

async function expectMessage(messages: ClientConversation['messages'], what: string): Promise<Bytes> {
  const message = await messages.receive();
  if (message === undefined) throw new ClientError('CLIENT_ERR_CLOSED_EARLY', `the server closed the connection before ${what}`);
  return message;
}
