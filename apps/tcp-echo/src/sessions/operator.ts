import { FrameError } from '@socklab/framing';
import { printable, quitMatcher, withoutLineEnding } from '@socklab/service';
import { createInbox } from '../inbox.ts';
import { formatPeer } from './session.ts';
import type { Bytes, Codec } from '@socklab/framing';
import type { OperatorConsole } from '@socklab/service';
import type { Inbox } from '../inbox.ts';
import type { Conversation, EndReason, Session } from './session.ts';

/** Options of {@link operator}. */
export interface OperatorOptions {
  readonly console: OperatorConsole;
  /** Ends the conversation when either side says it. Empty: nothing does. */
  readonly quit: string;
  readonly codec: Codec;
  /** Whether an empty message exists on the wire. In a raw stream it does not. */
  readonly canSendEmpty: boolean;
}

/** A conversation between the operator at the console, who speaks first, and one client, in turn. */
export function operator(options: OperatorOptions): Session {
  const part: Part = { ...options, isQuit: quitMatcher(options.quit) };
  return {
    name: 'operator',
    servesHalfClosed: false,
    serve: (conversation) => converse(conversation, part),
  };
}

/** What the operator's side of a conversation needs. */
interface Part extends OperatorOptions {
  readonly isQuit: (message: Uint8Array) => boolean;
}

const encoder = new TextEncoder();

async function converse(conversation: Conversation, part: Part): Promise<EndReason> {
  const { messages, draining } = conversation;
  const inbox = createInbox(messages);
  const interrupted = interruption(conversation);
  for (;;) {
    const line = await askOperator(part, interrupted);
    if (line === 'peer-ended') return hearTheRest(conversation, inbox, part);
    if (line === 'drain' || line === undefined) {
      if (part.quit !== '') await messages.send(encoder.encode(part.quit));
      return line ?? 'operator-left';
    }
    const said = encoder.encode(line.text);
    const refused = refusal(said, part);
    if (refused !== undefined) {
      part.console.print(`not sent: ${refused}`);
      continue;
    }
    await messages.send(said);
    if (part.isQuit(said)) return 'quit';
    const message = await inbox.next();
    if (message === undefined) return draining.aborted ? 'drain' : 'peer-ended';
    if (hear(conversation, message, part)) return 'quit';
  }
}

/** Aborts when the operator need not be asked any more, with the reason. */
function interruption({ messages, draining }: Conversation): AbortSignal {
  const peerEnded = new AbortController();
  void messages.peerEnded.then(() => peerEnded.abort('peer-ended'));
  const drained = new AbortController();
  const onDrain = (): void => drained.abort('drain');
  if (draining.aborted) onDrain();
  else draining.addEventListener('abort', onDrain, { once: true });
  return AbortSignal.any([peerEnded.signal, drained.signal]);
}

/** The operator's next line; `undefined` when there will be none; or why nobody waits for it any more. */
async function askOperator(
  { console, canSendEmpty }: OperatorOptions,
  interrupted: AbortSignal,
): Promise<{ readonly text: string } | 'peer-ended' | 'drain' | undefined> {
  try {
    for (;;) {
      const text = await console.ask(interrupted);
      if (text === undefined) return undefined;
      if (text !== '' || canSendEmpty) return { text };
    }
  } catch (error) {
    if (interrupted.aborted) return interrupted.reason;
    throw error;
  }
}

/** Why the framing cannot carry a line, if it cannot: the operator can say something else. */
function refusal(said: Uint8Array, { codec }: Part): string | undefined {
  try {
    codec.encode(said);
    return undefined;
  } catch (error) {
    if (error instanceof FrameError) return error.message;
    throw error;
  }
}

/** Shows one message; true when it is the quit word. */
function hear({ peer }: Conversation, message: Bytes, { console, isQuit }: Part): boolean {
  console.print(`${formatPeer(peer)} : ${printable(withoutLineEnding(message))}`);
  return isQuit(message);
}

/** The peer has left while the operator was asked: what it said before is shown all the same. */
async function hearTheRest(conversation: Conversation, inbox: Inbox, part: Part): Promise<EndReason> {
  for (let message = await inbox.next(); message !== undefined; message = await inbox.next()) {
    if (hear(conversation, message, part)) return 'quit';
  }
  return 'peer-ended';
}
