import { FrameError } from '@socklab/framing';
import { framed } from '@socklab/framing/node';
import { chargedCodec } from './charged-codec.ts';
import type { ConversationSession } from '../session.ts';
import type { Channel, ChannelOptions, ChannelOwner } from './channel.ts';
import type { Logger, MemoryBudget } from '@socklab/service';
import type { Socket } from 'node:net';

/** Carries a session that exchanges messages. */
export class ConversationChannel implements Channel {
  readonly socket: Socket;
  // The messages have their own frame timeout, only while the session waits for them.
  readonly partialBytes = 0;
  readonly #owner: ChannelOwner;
  readonly #session: ConversationSession;
  readonly #log: Logger;
  readonly #draining: AbortSignal;
  readonly #messages;
  readonly #budget: MemoryBudget;
  memoryBytes = 0;
  #bufferedBytes = 0;

  constructor(accepted: Socket, owner: ChannelOwner, session: ConversationSession, options: ChannelOptions) {
    const { log, draining, readAheadBytes, frameTimeoutMs, budget } = options;
    this.socket = accepted;
    this.#budget = budget;
    const codec = chargedCodec(options.codec, (bufferedBytes) => {
      this.#bufferedBytes = bufferedBytes;
      this.#charge();
    });
    this.#owner = owner;
    this.#session = session;
    this.#log = log;
    this.#draining = draining;
    // Readers get errors from the read; in the queue and while ending there is no reader.
    accepted.on('error', () => undefined);
    this.#messages = framed(accepted, codec, { readAheadBytes, partialFrameTimeoutMs: frameTimeoutMs });
    if (readAheadBytes > 0) accepted.resume();
    accepted.once('close', () => this.forget());
    void this.#messages.peerEnded.then(() => owner.peerEnded());
  }

  get messagesIn(): number {
    return this.#messages.framesIn;
  }

  get messagesOut(): number {
    return this.#messages.framesOut;
  }

  get pendingBytes(): number {
    return this.socket.writableLength;
  }

  serve(): void {
    const { id, peer, address } = this.#owner;
    const conversation = { id, peer, address, log: this.#log.child({ conn: id }), messages: this.#messages, draining: this.#draining };
    this.#session.serve(conversation).then(
      (reason) => this.#owner.sessionEnded(reason),
      (error: unknown) => this.#owner.sessionFailed(error),
    );
  }

  stop(): void {
    try {
      this.#messages.detach();
    } catch (error) {
      // The session itself gets faults of the format.
      if (!(error instanceof FrameError)) throw error;
    }
  }

  async say(message: Uint8Array): Promise<void> {
    const isSent = this.#messages.send(message);
    this.#charge();
    await isSent;
    this.#charge();
  }

  forget(): void {
    this.#bufferedBytes = 0;
    this.#charge();
  }

  #charge(): void {
    const { socket, memoryBytes } = this;
    this.memoryBytes = socket.destroyed ? 0 : this.#bufferedBytes + socket.writableLength;
    this.#budget.charge(this.memoryBytes - memoryBytes);
  }
}
