import type { Socket } from 'node:net';
import { readStatically } from './static-read.ts';
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
  /** Unsent bytes from which on the peer is not read, until it has taken them. By public API at least the socket's own mark: 64 KiB. */
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
  /** For its addresses and counters, and to close it. Never to be read, written or paused. */
  readonly socket: Socket;
  readonly isStatic: boolean;
  /** Bytes written that the kernel has not taken. */
  readonly pendingBytes: number;
  /** Whether the peer has ended its side. What it said before may still be held. */
  readonly hasEnded: boolean;
  /** Begins to hand out what comes; what came before is handed out first, within the call. Until then only `ended` and `closed` are told. */
  read(): void;
  /**
   * Writes the first `byteLength` bytes of `memory`, which may be overwritten after the call.
   *
   * @returns false when the peer is not read until it has taken what was written: `drained` tells. Also when it has gone.
   */
  write(memory: Buffer, byteLength: number): boolean;
  /** Writes bytes that nobody changes any more; else as {@link Link.write}. */
  send(bytes: Uint8Array): boolean;
  /** Hands out nothing more: what still comes is dropped, so that the peer's end is still seen. `closed` is told all the same. */
  stop(): void;
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

class SocketLink implements Link {
  readonly socket: Socket;
  readonly isStatic: boolean;
  hasEnded = false;
  readonly #maxPendingBytes: number;
  readonly #holdBytes: number;
  readonly #reader: LinkReader;
  #state: 'holding' | 'reading' | 'stopped' = 'holding';
  #held: Buffer[] | undefined;
  #heldBytes = 0;
  #isFull = false;

  constructor(accepted: Socket, reader: LinkReader, { maxPendingBytes, holdBytes, staticRead = true }: LinkOptions) {
    this.#holdBytes = holdBytes;
    this.#reader = reader;
    const onRead = (byteLength: number, memory: Buffer): boolean => this.receive(memory, byteLength);
    const taken = staticRead ? readStatically(accepted, onRead, maxPendingBytes) : undefined;
    this.isStatic = taken !== undefined;
    this.socket = taken ?? accepted;
    // Below its own mark a socket does not tell that it has drained.
    this.#maxPendingBytes = Math.max(maxPendingBytes, this.socket.writableHighWaterMark);
    (this.socket as LinkedSocket)[LINK] = this;
    this.socket.on('error', onError).on('drain', onDrain).on('end', onEnd).on('close', onClose);
    if (taken === undefined) this.socket.on('data', onChunk);
    this.socket.resume();
  }

  get pendingBytes(): number {
    return this.socket.writableLength;
  }

  read(): void {
    this.#state = 'reading';
    const held = this.#held;
    this.#held = undefined;
    for (const chunk of held ?? []) {
      this.#reader.bytes(chunk, chunk.length);
      // The reader may have heard enough.
      if (this.#state !== 'reading') return;
    }
    if (this.hasEnded) this.#reader.ended();
    else if (!this.#isFull) this.socket.resume();
  }

  write(memory: Buffer, byteLength: number): boolean {
    const { socket } = this;
    // The socket's close tells of a peer that has gone.
    if (socket.destroyed || socket.writableEnded) return false;
    writeTransient(socket, memory, byteLength);
    return this.#hasRoom();
  }

  send(bytes: Uint8Array): boolean {
    const { socket } = this;
    if (socket.destroyed || socket.writableEnded) return false;
    socket.write(bytes);
    return this.#hasRoom();
  }

  stop(): void {
    this.#state = 'stopped';
    this.#held = undefined;
    this.#isFull = false;
    if (!this.hasEnded) this.socket.resume();
  }

  #hasRoom(): boolean {
    if (this.socket.writableLength < this.#maxPendingBytes) return true;
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
    (this.#held ??= []).push(Buffer.from(memory.subarray(0, byteLength)));
    this.#heldBytes += byteLength;
    return this.#heldBytes < this.#holdBytes;
  }

  drained(): void {
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
    this.#reader.closed(this.socket.errored ?? undefined);
  }
}

function onChunk(this: Socket, chunk: Buffer): void {
  if (!(this as LinkedSocket)[LINK].receive(chunk, chunk.length)) this.pause();
}

function onDrain(this: Socket): void {
  (this as LinkedSocket)[LINK].drained();
}

function onEnd(this: Socket): void {
  (this as LinkedSocket)[LINK].ended();
}

function onClose(this: Socket): void {
  (this as LinkedSocket)[LINK].closed();
}

// The close tells of it.
function onError(): void {}
