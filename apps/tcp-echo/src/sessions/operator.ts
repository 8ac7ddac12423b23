import { printable, quitMatcher, withoutLineEnding } from '@socklab/service';
import { createEar } from '../operator/heard.ts';
import { refusalOf } from '../operator/sendable.ts';
import { unlessLeft } from '../operator/unless-left.ts';
import { formatPeer } from '../session.ts';
import type { LeaveReason, OperatorConversation, OperatorConversations } from '../operator/conversations.ts';
import type { Ear, Heard } from '../operator/heard.ts';
import type { Conversation, EndReason, Session } from '../session.ts';
import type { ByteCodec } from '@socklab/framing';
import type { OperatorConsole } from '@socklab/service';

/** Options of {@link operator}. */
export interface OperatorOptions {
  readonly console: OperatorConsole;
  /** The current conversations, for the operator's commands. */
  readonly conversations: OperatorConversations;
  /** Ends the conversation when either side says it. Empty: no such word. */
  readonly quit: string;
  readonly codec: ByteCodec;
  /** Whether messages have boundaries and can be empty. In a raw stream a message arrives in any number of pieces, of at least one byte. */
  readonly keepsBoundaries: boolean;
}

/** A conversation between the operator at the console, who speaks first, and one client, in turn. */
export function operator(options: OperatorOptions): Session {
  const part: OperatorSide = { ...options, isQuit: quitMatcher(options.quit) };
  return {
    kind: 'conversation',
    name: 'operator',
    servesHalfClosed: false,
    serve: (conversation) => hold(conversation, part),
  };
}

/** What a conversation needs of the operator. */
interface OperatorSide extends OperatorOptions {
  readonly isQuit: (message: Uint8Array) => boolean;
}

const encoder = new TextEncoder();

/** Runs a conversation that the operator's commands, and the end of the service, can end too. */
async function hold(conversation: Conversation, part: OperatorSide): Promise<EndReason> {
  const { messages, draining } = conversation;
  const held = part.conversations.begin(conversation.id);
  const onDrain = (): void => held.leave('drain');
  if (draining.aborted) onDrain();
  else draining.addEventListener('abort', onDrain, { once: true });
  try {
    const reason = await converse(conversation, part, held);
    // The last message is not awaited: a client that does not read it is closed too.
    if (isLeave(reason) && part.quit !== '') messages.send(encoder.encode(part.quit)).catch(() => undefined);
    return reason;
  } finally {
    draining.removeEventListener('abort', onDrain);
    held.end();
  }
}

const LEAVE_REASONS: readonly EndReason[] = ['operator-next', 'operator-left', 'drain'] satisfies LeaveReason[];

function isLeave(reason: EndReason): boolean {
  return LEAVE_REASONS.includes(reason);
}

async function converse(conversation: Conversation, part: OperatorSide, held: OperatorConversation): Promise<EndReason> {
  const { messages } = conversation;
  const ear = createEar({ messages, ...part });
  const peerEnded = new AbortController();
  void messages.peerEnded.then(() => peerEnded.abort('peer-ended'));
  const interrupted = AbortSignal.any([held.leaving, peerEnded.signal]);
  for (;;) {
    const line = await askOperator(part, held, interrupted);
    if (line === 'peer-ended') return hearTheRest(conversation, ear, part);
    if (typeof line === 'string') return line;
    const said = encoder.encode(line.text);
    const refused = refusalOf(said, part.codec);
    if (refused !== undefined) {
      part.console.print(`not sent: ${refused}`);
      continue;
    }
    if ((await unlessLeft(messages.send(said), held.leaving)).isLeft) return held.leaving.reason;
    if (part.isQuit(said)) return 'quit';
    const answer = await unlessLeft(ear.next(), held.leaving);
    if (answer.isLeft) return held.leaving.reason;
    if (answer.value === undefined) return 'peer-ended';
    if (hear(conversation, answer.value, part)) return 'quit';
  }
}

/** The operator's next line, or why it is no longer awaited. */
async function askOperator(
  { console, keepsBoundaries }: OperatorOptions,
  held: OperatorConversation,
  interrupted: AbortSignal,
): Promise<{ readonly text: string } | 'peer-ended' | LeaveReason> {
  held.isAsked = true;
  try {
    for (;;) {
      const text = await console.ask(interrupted);
      if (text === undefined) return 'operator-left';
      if (text !== '' || keepsBoundaries) return { text };
    }
  } catch (error) {
    if (interrupted.aborted) return interrupted.reason;
    throw error;
  } finally {
    held.isAsked = false;
  }
}

/** Shows one message; true for the quit word. */
function hear({ peer }: Conversation, { message, isQuit }: Heard, { console }: OperatorSide): boolean {
  console.print(`${formatPeer(peer)} : ${printable(withoutLineEnding(message))}`);
  return isQuit;
}

/** The peer has left while the operator was asked: what it said before is still shown. */
async function hearTheRest(conversation: Conversation, ear: Ear, part: OperatorSide): Promise<EndReason> {
  for (let heard = await ear.next(); heard !== undefined; heard = await ear.next()) {
    if (hear(conversation, heard, part)) return 'quit';
  }
  return 'peer-ended';
}
