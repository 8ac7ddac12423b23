import { TLSSocket } from 'node:tls';
import { UNLIMITED_MEMORY } from '../limits/memory-budget.ts';
import { giveBack } from './blocks.ts';
import { ByteQueue } from './byte-queue.ts';
import { Outbox } from './outbox.ts';
import { hasTime, isCrowded, isMuch, leaveTurns, lineUp, takeTurns, waitForTurn } from './read-turns.ts';
import { READ_BYTES, readStatically } from './static-read.ts';
import { writeTransient } from './static-write.ts';
import type { MemoryBudget } from '../limits/memory-budget.ts';
import type { TurnReader } from './read-turns.ts';
import type { Socket } from 'node:net';

/** The reader of a {@link Link}. All methods are called synchronously, as it happens. */
export interface LinkReader {
  /** The first `byteLength` bytes of `memory` arrived. They are overwritten after the call: copy what is kept. */
  bytes(memory: Buffer, byteLength: number): void;
  /** The peer ended its side. Nothing more comes; writing still works. */
  ended(): void;
  /** All that was written is in the kernel, after `write` had returned false. */
  drained(): void;
  /** The connection is closed, once; with the error that ended it, if any. */
  closed(error: Error | undefined): void;
}

/** Options of {@link openLink}. */
export interface LinkOptions {
  /** Unsent bytes from which on the peer is not read, until it has taken them. */
  readonly maxPendingBytes: number;
  /** Bytes held until a reader starts; then reading stops, and the peer has to wait. */
  readonly holdBytes: number;
  /**
   * Charged with the bytes the link holds; a link that holds more than its share is not read. While it is read, one more read is
   * reserved for it. @defaultValue no limit
   */
  readonly budget?: MemoryBudget;
  /** `false` uses public API only. @defaultValue true where the runtime allows */
  readonly staticRead?: boolean;
}

/**
 * An accepted TCP connection as plain bytes, at the lowest cost per read: all links read into one memory, without an event,
 * promise or allocation for each read. A peer that does not take its answers is not read either, and its unsent bytes are
 * gathered: many small answers cost no more memory than a few large ones.
 */
export interface Link {
  /** For its addresses and counters, and to close it. Do not read, write or pause it. */
  readonly socket: Socket;
  readonly isStatic: boolean;
  /** Bytes written that the kernel has not taken. */
  readonly pendingBytes: number;
  /** Bytes of memory held for the peer: unsent bytes, and bytes that arrived before a reader started. */
  readonly memoryBytes: number;
  /** Whether the peer has ended its side. Bytes that it sent before may still be held. */
  readonly hasEnded: boolean;
  /** Starts to deliver bytes; those held are delivered first, within the call. Before it only `ended` and `closed` are called. */
  read(): void;
  /**
   * Writes the first `byteLength` bytes of `memory`, which may be overwritten after the call.
   *
   * @returns false when the peer is not read until it has taken what was written: `drained` follows. Also when the connection is closed.
   */
  write(memory: Uint8Array, byteLength: number): boolean;
  /** Writes bytes that never change again; otherwise as {@link Link.write}. */
  send(bytes: Uint8Array): boolean;
  /**
   * Writes bytes that may be overwritten after the call, without a copy where the kernel takes them at once; otherwise as {@link Link.write}.
   * For many bytes at a time.
   *
   * @param release - called within the call when the socket keeps the memory of `bytes`: do not change it from then on.
   */
  lend(bytes: Uint8Array, release: () => void): boolean;
  /**
   * Delivers nothing more: further bytes are dropped, so that the peer's end is still seen. All that was written is handed to
   * the socket, so that it can be ended. `closed` is still called.
   */
  stop(): void;
  /** Returns the charge to the budget when the socket is destroyed, not when its 'close' event follows later. */
  forget(): void;
}

/**
 * Opens a link over an accepted socket that was not read yet, of a server with `pauseOnConnect` and `allowHalfOpen`. The
 * caller closes `link.socket`, after `stop`.
 */
export function openLink(accepted: Socket, reader: LinkReader, options: LinkOptions): Link {
  return new SocketLink(accepted, reader, options);
}

// Shared listeners find their link here: a closure for each event of each connection would be half of what an idle
// connection costs.
const LINK = Symbol('link');

interface LinkedSocket extends Socket {
  [LINK]: SocketLink;
}

/** Bytes that never change again are sent without a copy from this length on. */
const LONG_BYTES = 4096;
/** Lent bytes are still copied when they are less than this part of their memory. */
const SHORT_PART = 1 / 8;

class SocketLink implements Link, TurnReader {
  readonly socket: Socket;
  readonly isStatic: boolean;
  hasEnded = false;
  readonly #maxPendingBytes: number;
  readonly #holdBytes: number;
  readonly #budget: MemoryBudget;
  readonly #reader: LinkReader;
  /** TLS takes nothing within the call: no use trying. */
  readonly #takesAtOnce: boolean;
  #state: 'holding' | 'reading' | 'stopped' = 'holding';
  #held: ByteQueue | undefined;
  /** Created with the first answer that the kernel does not take at once: most peers never need one. */
  #outbox: Outbox | undefined;
  #chargedBytes = 0;
  #reservedBytes = 0;
  #isFull = false;
  isLight = false;
  /** It is not read, and what came is held, until a turn of the event loop has time for it. */
  #isWaiting = false;

  constructor(accepted: Socket, reader: LinkReader, options: LinkOptions) {
    const { maxPendingBytes, holdBytes, budget = UNLIMITED_MEMORY, staticRead = true } = options;
    this.#maxPendingBytes = maxPendingBytes;
    this.#holdBytes = holdBytes;
    this.#budget = budget;
    this.#reserve(READ_BYTES);
    this.#reader = reader;
    const onRead = (byteLength: number, memory: Buffer): boolean => this.receive(memory, byteLength);
    const taken = staticRead ? readStatically(accepted, onRead, READ_BYTES) : undefined;
    this.isStatic = taken !== undefined;
    this.socket = taken ?? accepted;
    this.#takesAtOnce = !(this.socket instanceof TLSSocket);
    (this.socket as LinkedSocket)[LINK] = this;
    this.socket.on('error', onError).on('end', onEnd).on('close', onClose);
    if (taken === undefined) this.socket.on('data', onChunk);
    // A 'data' listener starts reading at once, unless the socket was paused before.
    if (holdBytes > 0) this.socket.resume();
    else this.socket.pause();
  }

  get pendingBytes(): number {
    return this.socket.writableLength + (this.#outbox?.waitingBytes ?? 0);
  }

  get memoryBytes(): number {
    return (this.#outbox?.memoryBytes ?? 0) + (this.#held?.memoryBytes ?? 0);
  }

  read(): void {
    if (this.#state === 'holding') takeTurns(this);
    this.#state = 'reading';
    const held = this.#held;
    for (let chunk = held?.shift(); chunk !== undefined; chunk = held?.shift()) {
      this.#reader.bytes(chunk, chunk.length);
      giveBack(chunk);
      // The reader may have stopped meanwhile.
      if (this.#state !== 'reading') return;
    }
    this.#held = undefined;
    this.#charge();
    if (this.hasEnded) this.#reader.ended();
    else if (!this.#isFull) this.socket.resume();
  }

  write(memory: Uint8Array, byteLength: number): boolean {
    const { socket } = this;
    // The socket's 'close' event reports a peer that is gone.
    if (socket.destroyed || socket.writableEnded) return false;
    if (!this.#isFree()) return this.#append(memory, byteLength);
    const kept = writeTransient(socket, memory, byteLength);
    return kept === undefined || this.#keep(kept.length, kept);
  }

  send(bytes: Uint8Array): boolean {
    const { socket } = this;
    if (socket.destroyed || socket.writableEnded) return false;
    const isAlone = this.#outbox === undefined || this.#outbox.waitingBytes === 0;
    if (!this.#isFree() && (bytes.length < LONG_BYTES || !isAlone)) return this.#append(bytes, bytes.length);
    socket.write(bytes);
    return socket.writableLength === 0 || this.#keep(bytes.length);
  }

  lend(bytes: Uint8Array, release: () => void): boolean {
    const { socket } = this;
    if (socket.destroyed || socket.writableEnded) return false;
    // A short one is copied: otherwise the socket of a slow peer would keep the whole memory for it.
    if (!this.#isFree() || bytes.length < SHORT_PART * bytes.buffer.byteLength) return this.write(bytes, bytes.length);
    socket.write(bytes);
    if (socket.writableLength === 0) return true;
    release();
    return this.#keep(bytes.buffer.byteLength);
  }

  stop(): void {
    this.#state = 'stopped';
    leaveTurns(this);
    this.#held = undefined;
    this.#isFull = false;
    this.#outbox?.close();
    this.#charge();
    this.#reserve(0);
    if (!this.hasEnded) this.socket.resume();
  }

  forget(): void {
    this.#held = undefined;
    this.#isWaiting = false;
    this.#outbox?.forget();
    this.#charge();
    this.#reserve(0);
  }

  goOn(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    if (this.#state === 'reading') this.read();
  }

  standAside(): void {
    // What little it sends costs little to hold; who has ended brings nothing more, and whoever is full is not read.
    if (this.isLight || this.#isWaiting || this.#isFull || this.hasEnded) return;
    this.#isWaiting = true;
    lineUp(this);
    this.socket.pause();
  }

  /** Whether the kernel may take the next piece at once. */
  #isFree(): boolean {
    return this.#takesAtOnce && (this.#outbox === undefined || !this.#outbox.isFlushing);
  }

  #openOutbox(): Outbox {
    this.#outbox ??= new Outbox(
      this.socket,
      () => this.#charge(),
      () => this.#drained(),
    );
    return this.#outbox;
  }

  #keep(memoryBytes: number, memory?: Uint8Array): boolean {
    this.#openOutbox().keep(memoryBytes, memory);
    return this.#hasRoom();
  }

  #append(bytes: Uint8Array, byteLength: number): boolean {
    const outbox = this.#openOutbox();
    outbox.append(bytes, byteLength);
    // Nothing is gathered any more for a socket that is about to be ended.
    if (this.#state === 'stopped') outbox.close();
    return this.#hasRoom();
  }

  #hasRoom(): boolean {
    this.#charge();
    const isWithin = this.pendingBytes < this.#maxPendingBytes && this.memoryBytes <= this.#budget.shareBytes;
    if (!isWithin && this.#state !== 'stopped') this.#setFull(true);
    return isWithin;
  }

  #setFull(isFull: boolean): void {
    this.#isFull = isFull;
    this.#reserve(isFull ? 0 : READ_BYTES);
  }

  #charge(): void {
    const { memoryBytes } = this;
    const change = memoryBytes - this.#chargedBytes;
    if (change === 0) return;
    this.#chargedBytes = memoryBytes;
    this.#budget.charge(change);
  }

  /** For the read that may come before the share is looked at again: those of all links together must not spend the budget. */
  #reserve(byteLength: number): void {
    this.#budget.reserve(byteLength - this.#reservedBytes);
    this.#reservedBytes = byteLength;
  }

  #drained(): void {
    if (!this.#isFull) return;
    this.#setFull(false);
    if (this.#state === 'reading') this.#reader.drained();
    if (!this.#isFull && !this.#isWaiting && this.#state !== 'holding') this.socket.resume();
  }

  /** @returns whether to read on. */
  receive(memory: Buffer, byteLength: number): boolean {
    if (this.#state === 'holding') return this.#hold(memory, byteLength);
    if (this.#state === 'reading') {
      this.isLight = !isMuch(byteLength);
      if (this.#isWaiting || !hasTime(byteLength)) return this.#wait(memory, byteLength);
      this.#reader.bytes(memory, byteLength);
      if (!this.isLight && isCrowded()) return this.#lineUp();
    }
    return !this.#isFull;
  }

  /** Behind those that wait: they would not be read while others always have more. */
  #lineUp(): boolean {
    if (this.#state !== 'reading') return true;
    if (this.#isFull) return false;
    this.#isWaiting = true;
    lineUp(this);
    return false;
  }

  #hold(memory: Buffer, byteLength: number): boolean {
    const held = (this.#held ??= new ByteQueue());
    held.append(memory, byteLength);
    this.#charge();
    return held.length < this.#holdBytes && held.memoryBytes <= this.#budget.shareBytes;
  }

  #wait(memory: Buffer, byteLength: number): boolean {
    this.#hold(memory, byteLength);
    if (this.#isWaiting) return false;
    this.#isWaiting = true;
    waitForTurn(this);
    return false;
  }

  ended(): void {
    this.hasEnded = true;
    // Held bytes are delivered first.
    if (this.#state !== 'stopped' && !this.#isWaiting) this.#reader.ended();
  }

  closed(): void {
    leaveTurns(this);
    this.forget();
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

// The 'close' event reports it.
function onError(): void {}
