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
  /** Where the operator's commands find the conversations under way. */
  readonly conversations: OperatorConversations;
  /** Ends the conversation when either side says it. Empty: nothing does. */
  readonly quit: string;
  readonly codec: ByteCodec;
  /** Whether a message arrives as it was sent, and can be empty. In a raw stream it comes in any number of pieces, at least one byte each. */
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

/** What the operator's side of a conversation needs. */
interface OperatorSide extends OperatorOptions {
  readonly isQuit: (message: Uint8Array) => boolean;
}

const encoder = new TextEncoder();

/** Leads a conversation that the commands of the operator, and the end of the service, can end too. */
async function hold(conversation: Conversation, part: OperatorSide): Promise<EndReason> {
  const { messages, draining } = conversation;
  const held = part.conversations.begin(conversation.id);
  const onDrain = (): void => held.leave('drain');
  if (draining.aborted) onDrain();
  else draining.addEventListener('abort', onDrain, { once: true });
  try {
    const reason = await converse(conversation, part, held);
    // The last word is not waited for: whoever does not read it is closed all the same.
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

/** The operator's next line, or why nobody waits for it any more. */
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

/** Shows one message; true when it is the quit word. */
function hear({ peer }: Conversation, { message, isQuit }: Heard, { console }: OperatorSide): boolean {
  console.print(`${formatPeer(peer)} : ${printable(withoutLineEnding(message))}`);
  return isQuit;
}

/** The peer has left while the operator was asked: what it said before is shown all the same. */
async function hearTheRest(conversation: Conversation, ear: Ear, part: OperatorSide): Promise<EndReason> {
  for (let heard = await ear.next(); heard !== undefined; heard = await ear.next()) {
    if (hear(conversation, heard, part)) return 'quit';
  }
  return 'peer-ended';
}
