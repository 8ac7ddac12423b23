import type { Socket } from 'node:net';
import { gatherBytes } from './gathered-bytes.ts';
import type { GatheredBytes } from './gathered-bytes.ts';
import { READ_BYTES, readStatically } from './static-read.ts';
import { writeTransient } from './static-write.ts';

/** Who reads a {@link Link}. Everything is called synchronously, as it happens. */
export interface LinkReader {
  /** The first `byteLength` bytes of `memory` arrived. They are overwritten after the call: copy what is kept. */
  bytes(memory: Buffer, byteLength: number): void;
  /** The peer ended its side. Nothing more comes; writing still works. */
  ended(): void;
  /** All that was written is on its way, after `write` had asked to wait. */
  drained(): void;
  /** The connection is gone, once; with the error that ended it, if it was one. */
  closed(error: Error | undefined): void;
}

/** Options of {@link openLink}. */
export interface LinkOptions {
  /** Unsent bytes from which on the peer is not read, until it has taken them. */
  readonly maxPendingBytes: number;
  /** Bytes held for a reader that does not read yet; then the peer waits. */
  readonly holdBytes: number;
  /** `false` reads by public API alone. @defaultValue where the runtime can */
  readonly staticRead?: boolean;
}

/**
 * An accepted TCP connection as plain bytes, with the least cost per read: one memory for the reads of all links, no event,
 * promise or allocation for each. A peer that does not take its answers is not read either.
 */
export interface Link {
  /** For its addresses and counters, and to close it once {@link Link.stop} was called. Never to be read, written or paused. */
  readonly socket: Socket;
  readonly isStatic: boolean;
  /** Bytes written that the kernel has not taken. At most about twice as much memory is kept for them. */
  readonly pendingBytes: number;
  /** Bytes held for a reader that does not read yet, likewise. */
  readonly heldBytes: number;
  /** Whether the peer has ended its side. What it said before may still be held. */
  readonly hasEnded: boolean;
  /** Begins to hand out what comes; what came before is handed out first, within the call. Until then only `ended` and `closed` are told. */
  read(): void;
  /**
   * Writes the first `byteLength` bytes of `memory`, which may be overwritten after the call.
   *
   * @returns false when the peer is not read until it has taken what was written: `drained` tells. Also when it has gone.
   */
  write(memory: Uint8Array, byteLength: number): boolean;
  /** Writes bytes that nobody changes any more; else as {@link Link.write}. */
  send(bytes: Uint8Array): boolean;
  /**
   * Hands out nothing more: what still comes is dropped, so that the peer's end is still seen. `closed` is told all the same. What
   * was written is with the socket from now on, which may be ended.
   */
  stop(): void;
  /** Ends our side once all is sent. */
  end(): void;
}

/**
 * Opens a link over an accepted socket that nobody has read, of a server with `pauseOnConnect` and `allowHalfOpen`. The
 * caller closes `link.socket`.
 */
export function openLink(accepted: Socket, reader: LinkReader, options: LinkOptions): Link {
  return new SocketLink(accepted, reader, options);
}

// Listeners that are shared find their link here: a closure of its own for each event of each connection would be half of what
// an idle connection costs.
const LINK = Symbol('link');

interface LinkedSocket extends Socket {
  [LINK]: SocketLink;
}

/** From here on bytes that nobody changes are left to the socket as they are, and not copied behind those that wait. */
const UNCOPIED_BYTES = 16_384;

const NOTHING = new Uint8Array(0);

class SocketLink implements Link {
  readonly socket: Socket;
  readonly isStatic: boolean;
  hasEnded = false;
  readonly #maxPendingBytes: number;
  readonly #holdBytes: number;
  readonly #reader: LinkReader;
  #state: 'holding' | 'reading' | 'stopped' = 'holding';
  #held: GatheredBytes | undefined;
  /** What waits behind the writes that the socket has: node keeps some hundred bytes for each write. */
  #waiting: GatheredBytes | undefined;
  #isFull = false;
  /** Whether the socket tells of the end of its writes. */
  #isWatched = false;

  constructor(accepted: Socket, reader: LinkReader, { maxPendingBytes, holdBytes, staticRead = true }: LinkOptions) {
    this.#maxPendingBytes = maxPendingBytes;
    this.#holdBytes = holdBytes;
    this.#reader = reader;
    const onRead = (byteLength: number, memory: Buffer): boolean => this.receive(memory, byteLength);
    const taken = staticRead ? readStatically(accepted, onRead, maxPendingBytes) : undefined;
    this.isStatic = taken !== undefined;
    this.socket = taken ?? accepted;
    (this.socket as LinkedSocket)[LINK] = this;
    this.socket.on('error', onError).on('end', onEnd).on('close', onClose);
    if (taken === undefined) this.socket.on('data', onChunk);
    // A 'data' listener has it read at once, unless it was paused before.
    if (holdBytes > 0) this.socket.resume();
    else this.socket.pause();
  }

  get pendingBytes(): number {
    return this.socket.writableLength + (this.#waiting?.length ?? 0);
  }

  get heldBytes(): number {
    return this.#held?.length ?? 0;
  }

  read(): void {
    this.#state = 'reading';
    const held = this.#held?.take();
    this.#held = undefined;
    if (held !== undefined) this.#handOut(held);
    // The reader may have heard enough.
    if (this.#state !== 'reading') return;
    if (this.hasEnded) this.#reader.ended();
    else if (!this.#isFull) this.socket.resume();
  }

  write(memory: Uint8Array, byteLength: number): boolean {
    const { socket } = this;
    // The socket's close tells of a peer that has gone.
    if (socket.destroyed || socket.writableEnded) return false;
    if (this.#isWatched && this.#state !== 'stopped') {
      (this.#waiting ??= gatherBytes()).add(memory, byteLength);
    } else {
      writeTransient(socket, memory, byteLength);
      this.#watch();
    }
    return this.#hasRoom();
  }

  send(bytes: Uint8Array): boolean {
    if (this.#isWatched && bytes.length < UNCOPIED_BYTES) return this.write(bytes, bytes.length);
    const { socket } = this;
    if (socket.destroyed || socket.writableEnded) return false;
    this.#passOn();
    socket.write(bytes);
    this.#watch();
    return this.#hasRoom();
  }

  stop(): void {
    this.#state = 'stopped';
    this.#held = undefined;
    this.#isFull = false;
    this.#passOn();
    if (!this.hasEnded) this.socket.resume();
  }

  end(): void {
    this.#passOn();
    this.socket.end();
  }

  /** In pieces of a read's size: what a reader does with one is bounded by it. */
  #handOut(held: Buffer): void {
    for (let start = 0; start < held.length && this.#state === 'reading'; start += READ_BYTES) {
      const piece = held.subarray(start, start + READ_BYTES);
      this.#reader.bytes(piece, piece.length);
    }
  }

  /** Gives the socket what waits. */
  #passOn(): void {
    const { socket } = this;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined && !socket.destroyed && !socket.writableEnded) socket.write(waiting.take());
  }

  /** Has the socket tell when the kernel has taken its writes. It tells only whoever asks with a write: one of nothing, behind them. */
  #watch(): void {
    if (this.#isWatched || this.socket.writableLength === 0) return;
    this.#isWatched = true;
    this.socket.write(NOTHING, (error) => {
      this.#isWatched = false;
      if (error === null || error === undefined) this.#taken();
    });
  }

  #taken(): void {
    if (this.#waiting !== undefined) this.#passOn();
    this.#watch();
    if (!this.#isWatched) this.#drained();
  }

  #hasRoom(): boolean {
    if (this.pendingBytes < this.#maxPendingBytes) return true;
    // Nothing waits: a limit of 0 is a limit of one answer at a time.
    if (this.pendingBytes === 0) return true;
    this.#isFull = true;
    return false;
  }

  /** @returns whether to read on. */
  receive(memory: Buffer, byteLength: number): boolean {
    if (this.#state === 'holding') return this.#hold(memory, byteLength);
    if (this.#state === 'reading') this.#reader.bytes(memory, byteLength);
    return !this.#isFull;
  }

  #hold(memory: Buffer, byteLength: number): boolean {
    (this.#held ??= gatherBytes()).add(memory, byteLength);
    return this.#held.length < this.#holdBytes;
  }

  #drained(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    if (this.#state === 'reading') this.#reader.drained();
    if (!this.#isFull && this.#state !== 'holding') this.socket.resume();
  }

  ended(): void {
    this.hasEnded = true;
    if (this.#state !== 'stopped') this.#reader.ended();
  }

  closed(): void {
    this.#held = undefined;
    this.#waiting = undefined;
    this.#reader.closed(this.socket.errored ?? undefined);
  }
}

function onChunk(this: Socket, chunk: Buffer): void {
  if (!(this as LinkedSocket)[LINK].receive(chunk, chunk.length)) this.pause();
}

function onEnd(this: Socket): void {
  (this as LinkedSocket)[LINK].ended();
}

function onClose(this: Socket): void {
  (this as LinkedSocket)[LINK].closed();
}

// The close tells of it.
function onError(): void {}
