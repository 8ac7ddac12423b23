import { openLink } from '@socklab/service';
import type { EndReason, Stream, StreamHandler, StreamSession } from '../session.ts';
import type { Channel, ChannelOptions, ChannelOwner } from './channel.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Link, LinkReader, MemoryBudget } from '@socklab/service';
import type { Socket } from 'node:net';

/** Carries a session that takes bytes as they arrive. */
export class StreamChannel implements Channel, Stream, LinkReader {
  readonly #link: Link;
  readonly #owner: ChannelOwner;
  readonly #session: StreamSession;
  readonly #codec: ByteCodec;
  readonly #budget: MemoryBudget;
  #handler: StreamHandler | undefined;
  #chargedBytes = 0;
  #isOver = false;

  constructor(accepted: Socket, owner: ChannelOwner, session: StreamSession, options: ChannelOptions) {
    const { codec, maxPendingBytes, budget, readAheadBytes: holdBytes } = options;
    this.#owner = owner;
    this.#session = session;
    this.#codec = codec;
    this.#budget = budget;
    this.#link = openLink(accepted, this, { maxPendingBytes, holdBytes, budget });
  }

  get socket(): Socket {
    return this.#link.socket;
  }

  get messagesIn(): number {
    return this.#handler?.messagesIn ?? 0;
  }

  get messagesOut(): number {
    return this.#handler?.messagesOut ?? 0;
  }

  get partialBytes(): number {
    return this.#handler?.partialBytes ?? 0;
  }

  get memoryBytes(): number {
    return this.#chargedBytes + this.#link.memoryBytes;
  }

  serve(): void {
    if (this.#link.socket.destroyed) {
      this.closed(this.#link.socket.errored ?? undefined);
      return;
    }
    try {
      this.#handler = this.#session.open(this);
      if (!this.#isOver) this.#link.read();
    } catch (error) {
      this.#fail(error);
    }
  }

  bytes(memory: Buffer, byteLength: number): void {
    try {
      const handler = this.#handler!;
      handler.bytes(memory, byteLength);
      if (handler.partialBytes !== this.#chargedBytes) this.#charge(handler.partialBytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  ended(): void {
    this.#owner.peerEnded();
    try {
      this.#handler?.ended();
    } catch (error) {
      this.#fail(error);
    }
  }

  drained(): void {
    try {
      this.#handler?.drained?.();
    } catch (error) {
      this.#fail(error);
    }
  }

  closed(error: Error | undefined): void {
    this.#owner.peerEnded();
    this.#fail(error ?? closedEarly());
  }

  get pendingBytes(): number {
    return this.#link.pendingBytes;
  }

  write(memory: Uint8Array, byteLength: number): boolean {
    return this.#link.write(memory, byteLength);
  }

  send(bytes: Uint8Array): boolean {
    return this.#link.send(bytes);
  }

  lend(bytes: Uint8Array, release: () => void): boolean {
    return this.#link.lend(bytes, release);
  }

  finish(reason: EndReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link.stop();
    this.#charge(0);
    this.#owner.sessionEnded(reason);
  }

  stop(): void {
    this.finish('drain');
  }

  forget(): void {
    this.#charge(0);
    this.#link.forget();
  }

  #charge(partialBytes: number): void {
    this.#budget.charge(partialBytes - this.#chargedBytes);
    this.#chargedBytes = partialBytes;
  }

  async say(message: Uint8Array): Promise<void> {
    this.#link.send(this.#codec.encode(message));
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link.stop();
    this.#charge(0);
    this.#owner.sessionFailed(error);
  }
}

/** The peer is gone without FIN and without an error, as when the operator cut the connection. */
function closedEarly(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}
