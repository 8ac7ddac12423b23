import { FrameError } from '@socklab/framing';
import { framed } from '@socklab/framing/node';
import { openLink } from '@socklab/service';
import type { Socket } from 'node:net';
import type { ByteCodec } from '@socklab/framing';
import type { Link, LinkReader, Logger } from '@socklab/service';
import type { ConversationSession, EndReason, Peer, Session, Stream, StreamHandler, StreamSession } from '../session.ts';

/** Who is told how the session of a channel goes. */
export interface ChannelOwner {
  readonly id: number;
  readonly peer: Peer;
  readonly address: string;
  /** The peer has ended its side, or the connection is gone: also before the session has begun. */
  peerEnded(): void;
  /** The session came to its end. */
  sessionEnded(reason: EndReason): void;
  /** Something went wrong; told once, and not after `sessionEnded`. */
  sessionFailed(error: unknown): void;
}

/** How one connection carries its session. */
export interface Channel {
  readonly socket: Socket;
  readonly messagesIn: number;
  readonly messagesOut: number;
  /** Bytes of a message whose rest has not come. */
  readonly partialBytes: number;
  /** Bytes to be sent that the system has not taken. */
  readonly pendingBytes: number;
  /** Begins the session; the owner is told how it ends. */
  serve(): void;
  /** Hands the session nothing more: it ends with what it has. */
  stop(): void;
  /** Sends one message beside the session. */
  say(message: Uint8Array): Promise<void>;
}

/** What all channels of a service have in common. */
export interface ChannelOptions {
  readonly session: Session;
  readonly codec: ByteCodec;
  readonly log: Logger;
  readonly draining: AbortSignal;
  /** Bytes read before the session asks for them, as while a client waits in line. */
  readonly readAheadBytes: number;
  readonly maxPendingBytes: number;
  /** How long a message may stay incomplete; 0 is for ever. */
  readonly frameTimeoutMs: number;
}

/** Opens the channel that the session needs over an accepted socket that nobody has read. */
export function openChannel(accepted: Socket, owner: ChannelOwner, options: ChannelOptions): Channel {
  const { session } = options;
  return session.kind === 'stream'
    ? new StreamChannel(accepted, owner, session, options)
    : new ConversationChannel(accepted, owner, session, options);
}

class StreamChannel implements Channel, Stream, LinkReader {
  readonly #link: Link;
  readonly #owner: ChannelOwner;
  readonly #session: StreamSession;
  readonly #codec: ByteCodec;
  #handler: StreamHandler | undefined;
  #isOver = false;

  constructor(accepted: Socket, owner: ChannelOwner, session: StreamSession, options: ChannelOptions) {
    const { codec, maxPendingBytes, readAheadBytes: holdBytes } = options;
    this.#owner = owner;
    this.#session = session;
    this.#codec = codec;
    this.#link = openLink(accepted, this, { maxPendingBytes, holdBytes });
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
      this.#handler!.bytes(memory, byteLength);
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

  finish(reason: EndReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link.stop();
    this.#owner.sessionEnded(reason);
  }

  stop(): void {
    this.finish('drain');
  }

  async say(message: Uint8Array): Promise<void> {
    this.#link.send(this.#codec.encode(message));
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link.stop();
    this.#owner.sessionFailed(error);
  }
}

/** The peer is gone without FIN and without an error, as when the operator cut the connection. */
function closedEarly(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}

class ConversationChannel implements Channel {
  readonly socket: Socket;
  // The messages time their frames themselves, and only while the session waits for them.
  readonly partialBytes = 0;
  readonly #owner: ChannelOwner;
  readonly #session: ConversationSession;
  readonly #log: Logger;
  readonly #draining: AbortSignal;
  readonly #messages;

  constructor(accepted: Socket, owner: ChannelOwner, session: ConversationSession, options: ChannelOptions) {
    const { codec, log, draining, readAheadBytes, frameTimeoutMs } = options;
    this.socket = accepted;
    this.#owner = owner;
    this.#session = session;
    this.#log = log;
    this.#draining = draining;
    // Whoever reads learns of an error from the read; in the line and while ending there is no reader.
    accepted.on('error', () => undefined);
    this.#messages = framed(accepted, codec, { readAheadBytes, partialFrameTimeoutMs: frameTimeoutMs });
    if (readAheadBytes > 0) accepted.resume();
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
      // The session is told of a fault of the format itself.
      if (!(error instanceof FrameError)) throw error;
    }
  }

  say(message: Uint8Array): Promise<void> {
    return this.#messages.send(message);
  }
}
