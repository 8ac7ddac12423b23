import { FrameError } from '@socklab/framing';
import { createQuitListener, printable, QUIT_PAUSE_MS, quitMatcher, withoutLineEnding } from '@socklab/service';
import { Refusal } from '../../http/refusal.ts';
import { endingOf, IDLE_MS, MAX_MESSAGES } from './channels/endings.ts';
import { MAX_TEXT_BYTES } from './channels/events.ts';
import { ChatFailure } from './channels/failure.ts';
import type { JobContext } from '../../http/jobs/job.ts';
import type { ChatChannel, ChatListener } from './channels/channel.ts';
import type { Ending } from './channels/endings.ts';
import type { ChatEvent, ChatPlan, ChatResult, ChatSent, ChatSpeaker, ReadRange, Wire } from './channels/events.ts';
import type { QuitListener, QuitVerdict } from '@socklab/service';

/** Opens the connection to the peer. */
export type ChannelOpener = (listener: ChatListener, signal: AbortSignal) => Promise<ChatChannel>;

/** Options of {@link Chat}. */
export interface ChatOptions {
  readonly plan: ChatPlan;
  readonly open: ChannelOpener;
  /** Timeout of silence, in milliseconds. @defaultValue ten minutes */
  readonly idleMs?: number;
}

type Untimed<Event> = Event extends { readonly at: number } ? Omit<Event, 'at'> : never;

/** A conversation through this service: as a job it runs until one side ends it. */
export class Chat {
  readonly #options: ChatOptions;
  readonly #isQuit: (message: Uint8Array) => boolean;
  /** Detects the quit word in a stream without boundaries, where it may arrive in pieces or be part of something else. */
  readonly #pieces: QuitListener | undefined;
  #verdict: QuitVerdict = 'not-said';
  #pause: NodeJS.Timeout | undefined;
  readonly #over = Promise.withResolvers<Ending>();
  #emit: (event: ChatEvent) => void = () => undefined;
  #channel: ChatChannel | undefined;
  #isOver = false;
  #idle: NodeJS.Timeout | undefined;
  #sent = 0;
  #received = 0;

  constructor(options: ChatOptions) {
    this.#options = options;
    const { transport, framing, quit } = options.plan;
    this.#isQuit = quitMatcher(quit);
    this.#pieces = transport === 'tcp' && (framing ?? 'raw') === 'raw' ? createQuitListener(quit) : undefined;
  }

  /** Runs the conversation. @throws ChatFailure when it cannot begin, or go on. */
  async run(context: JobContext<ChatEvent>): Promise<ChatResult> {
    const { signal } = context;
    this.#emit = (event) => context.emit(event);
    this.#tell({ type: 'opening', plan: this.#options.plan });
    signal.addEventListener('abort', () => this.#end(endingOf('left')), { once: true });
    const ending = await this.#converse(signal);
    clearTimeout(this.#idle);
    clearTimeout(this.#pause);
    await this.#leave(ending);
    const result: ChatResult = { sent: this.#sent, received: this.#received };
    this.#tell({ type: 'ended', reason: ending.reason, text: ending.text, ...result });
    if (ending.failure !== undefined) throw ending.failure;
    return result;
  }

  /**
   * Sends a message to the peer.
   *
   * @throws Refusal 409 when the peer is gone, 422 when the message is too long, or the framing cannot carry it.
   */
  say(text: string): ChatSent {
    const payload = Buffer.from(text);
    if (payload.length > MAX_TEXT_BYTES) throw tooLong(payload.length);
    const channel = this.#isOver ? undefined : this.#channel;
    if (channel === undefined) throw gone(this.#isOver);
    const sent = this.#send(channel, payload);
    if (this.#isQuit(payload)) this.#end(endingOf('quit'));
    return sent;
  }

  async #converse(signal: AbortSignal): Promise<Ending> {
    try {
      this.#channel = await this.#options.open(this.#listener(), signal);
    } catch (error) {
      // The stop has already ended it.
      if (error instanceof ChatFailure) this.#end(endingOf(error));
      else if (!this.#isOver) throw error;
      return this.#over.promise;
    }
    this.#touch();
    return this.#over.promise;
  }

  /** Sends the quit word to a peer that expects it, and closes. */
  async #leave({ isPeerThere }: Ending): Promise<void> {
    const { quit, isRoom } = this.#options.plan;
    const channel = this.#channel;
    if (channel === undefined) return;
    if (isPeerThere && !isRoom && quit !== '') this.#trySend(channel, Buffer.from(quit));
    await channel.close();
  }

  #trySend(channel: ChatChannel, payload: Uint8Array): void {
    try {
      this.#send(channel, payload);
    } catch (error) {
      // A framing that cannot carry the word, or a peer that does not read: it is closed without the word.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  #send(channel: ChatChannel, payload: Uint8Array): ChatSent {
    const sent: ChatSent = { type: 'sent', text: shown(payload), wire: encoded(() => channel.say(payload)) };
    this.#tell(sent);
    this.#sent += 1;
    this.#touch();
    return sent;
  }

  #listener(): ChatListener {
    return {
      connected: (local, remote) => this.#tell({ type: 'connected', local, remote }),
      handshake: (direction, message, wire) => this.#tell({ type: 'handshake', direction, message, wire }),
      joined: (member) => this.#tell({ type: 'joined', member }),
      absent: () => this.#tell({ type: 'absent' }),
      heard: (from, payload, wire, reads) => this.#hear(from, payload, wire, reads),
      // Followed by nothing, the word counts.
      over: (reason) => this.#end(endingOf(reason === 'peer-ended' && this.#verdict === 'undecided' ? 'quit' : reason)),
    };
  }

  #hear(from: ChatSpeaker, payload: Uint8Array, wire: Wire, reads: ReadRange | null): void {
    if (this.#sent + this.#received >= MAX_MESSAGES) return;
    this.#tell({ type: 'received', from, text: shown(payload), wire, reads });
    this.#received += 1;
    this.#touch();
    // In a room the word of one member ends nothing.
    if (from.type === 'peer') this.#weigh(payload);
  }

  /** Ends the chat when the peer has sent the quit word. */
  #weigh(payload: Uint8Array): void {
    const pieces = this.#pieces;
    clearTimeout(this.#pause);
    this.#verdict = pieces?.hear(payload) ?? (this.#isQuit(payload) ? 'said' : 'not-said');
    if (this.#verdict === 'said') this.#end(endingOf('quit'));
    else if (this.#verdict === 'undecided' && pieces?.countsAfterPause === true) {
      // What arrived while the process was busy is read before the pause counts.
      this.#pause = setTimeout(() => setImmediate(() => this.#endUnlessDecided()), QUIT_PAUSE_MS);
    }
  }

  #endUnlessDecided(): void {
    if (this.#verdict === 'undecided') this.#end(endingOf('quit'));
  }

  #touch(): void {
    clearTimeout(this.#idle);
    if (this.#isOver) return;
    if (this.#sent + this.#received >= MAX_MESSAGES) this.#end(endingOf('limit'));
    else this.#idle = setTimeout(() => this.#end(endingOf('idle')), this.#options.idleMs ?? IDLE_MS);
  }

  #end(ending: Ending): void {
    this.#isOver = true;
    this.#over.resolve(ending);
  }

  #tell(event: Untimed<ChatEvent>): void {
    this.#emit({ at: Date.now(), ...event });
  }
}

/** A message for people: without the line ending that terminals append, with control characters escaped. */
function shown(payload: Uint8Array): string {
  return printable(withoutLineEnding(payload), MAX_TEXT_BYTES);
}

function encoded(say: () => Wire): Wire {
  try {
    return say();
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    throw new Refusal(
      422,
      {
        en: `the framing cannot carry it: ${error.message} (${error.code})`,
        zh: `此分帧方式无法承载它（${error.code}）：${error.message}`,
      },
      'text',
    );
  }
}

function tooLong(byteLength: number): Refusal {
  return new Refusal(
    422,
    { en: `a text of ${byteLength} bytes; allowed: ${MAX_TEXT_BYTES}`, zh: `文本有 ${byteLength} 字节，最多 ${MAX_TEXT_BYTES} 字节` },
    'text',
  );
}

function gone(isOver: boolean): Refusal {
  return isOver
    ? new Refusal(409, { en: 'the chat is over: nothing more can be sent', zh: '对话已结束：不能再发送' })
    : new Refusal(409, { en: 'the connection is not open yet', zh: '连接尚未建立' });
}
