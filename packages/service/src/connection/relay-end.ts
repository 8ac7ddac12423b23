import { Socket, connect } from 'node:net';
import { resetSocket } from './reset-socket.ts';
import { readStatically, sharedReadMemory } from './static-read.ts';
import { writeRange, writeTransient } from './static-write.ts';
import type { ConnectTarget } from '../options/values.ts';

/** The reader of a {@link RelayEnd}. All methods are called synchronously, as it happens. */
export interface RelayReader {
  /** A dialled end is connected. Never called for an accepted one. */
  connected(): void;
  /**
   * The first `byteLength` bytes of `memory` arrived. They are overwritten after the call: copy what is kept.
   *
   * @returns false to read no more until `resume`.
   */
  bytes(memory: Buffer, byteLength: number): boolean;
  /** The peer ended its side. Nothing more comes; writing still works. */
  ended(): void;
  /** All that was written is in the kernel, after `write` had returned false. */
  drained(): void;
  /** The connection is closed, once; with the error that ended it, if any. */
  closed(error: Error | undefined): void;
}

/** Options of {@link acceptRelayEnd} and {@link dialRelayEnd}. */
export interface RelayEndOptions {
  /** `false` uses public API only. @defaultValue true where the runtime allows */
  readonly staticRead?: boolean;
}

/**
 * One of the two connections of a relay. All of them read into one memory, without an event, promise or allocation for each
 * read. Unlike a `Link` it is read however much it still has to send: the two directions of a relay do not wait for each
 * other, so only the reader decides.
 */
export interface RelayEnd {
  /** For its addresses and counters. Do not read, write or pause it. */
  readonly socket: Socket;
  readonly isStatic: boolean;
  /** Bytes written that the kernel has not taken. */
  readonly pendingBytes: number;
  /** Resumes reading, after `bytes` had returned false. */
  resume(): void;
  /**
   * Writes the first `byteLength` bytes of `memory`, which may be overwritten after the call.
   *
   * @returns false when 64 KiB or more wait to be sent: `drained` follows. Also when the connection is closed.
   */
  write(memory: Buffer, byteLength: number): boolean;
  /**
   * Writes `memory[start, end)` in a write of its own; the memory may be overwritten after the call.
   *
   * @returns whether the kernel has taken it and everything before it; otherwise the next piece would leave together with
   * others, and `whenTaken` calls back when it has. Also true when the connection is closed.
   */
  writePiece(memory: Buffer, start: number, end: number): boolean;
  /** Calls back once the kernel has taken everything written; never when the connection closes before that. */
  whenTaken(callback: () => void): void;
  /** Ends our side once everything is sent. */
  end(): void;
  /** Closes at once. A TCP peer sees a reset; a unix socket has none. */
  reset(): void;
}

/** Takes one end over an accepted socket that was not read yet, of a server with `pauseOnConnect` and `allowHalfOpen`. It is read at once. */
export function acceptRelayEnd(accepted: Socket, reader: RelayReader, { staticRead = true }: RelayEndOptions = {}): RelayEnd {
  const onRead = (byteLength: number, memory: Buffer): boolean => reader.bytes(memory, byteLength);
  const taken = staticRead ? readStatically(accepted, onRead, HIGH_WATER_MARK) : undefined;
  return new SocketEnd(taken ?? accepted, reader, taken !== undefined);
}

/** Connects to `target` for the other end. The reader's `connected` or `closed` reports the result. */
export function dialRelayEnd(target: ConnectTarget, reader: RelayReader, { staticRead = true }: RelayEndOptions = {}): RelayEnd {
  const onread = {
    buffer: sharedReadMemory(),
    callback: (byteLength: number, memory: Uint8Array) => reader.bytes(memory as Buffer, byteLength),
  };
  const socket = connect({ ...target, allowHalfOpen: true, noDelay: true, ...(staticRead ? { onread } : {}) });
  socket.once('connect', () => reader.connected());
  return new SocketEnd(socket, reader, staticRead);
}

/** Unsent bytes from which on a socket is full: Node's own high water mark. */
const HIGH_WATER_MARK = 65_536;

const NOTHING = new Uint8Array(0);

class SocketEnd implements RelayEnd {
  readonly socket: Socket;
  readonly isStatic: boolean;

  constructor(socket: Socket, reader: RelayReader, isStatic: boolean) {
    this.socket = socket;
    this.isStatic = isStatic;
    socket
      // The 'close' event reports it.
      .on('error', () => undefined)
      .on('drain', () => reader.drained())
      .on('end', () => reader.ended())
      .on('close', () => reader.closed(socket.errored ?? undefined));
    if (!isStatic) {
      socket.on('data', (chunk: Buffer) => {
        if (!reader.bytes(chunk, chunk.length)) socket.pause();
      });
    }
    socket.resume();
  }

  get pendingBytes(): number {
    return this.socket.writableLength;
  }

  resume(): void {
    this.socket.resume();
  }

  write(memory: Buffer, byteLength: number): boolean {
    const { socket } = this;
    if (socket.destroyed || socket.writableEnded) return false;
    writeTransient(socket, memory, byteLength);
    return !socket.writableNeedDrain;
  }

  writePiece(memory: Buffer, start: number, end: number): boolean {
    const { socket } = this;
    return socket.destroyed || socket.writableEnded || writeRange(socket, memory, start, end);
  }

  whenTaken(callback: () => void): void {
    const { socket } = this;
    if (socket.destroyed || socket.writableEnded) return;
    if (socket.writableLength === 0) callback();
    // After everything that waits: a socket reports the end of a write only to a callback of it.
    else socket.write(NOTHING, (error) => (error === null || error === undefined ? callback() : undefined));
  }

  end(): void {
    this.socket.end();
  }

  reset(): void {
    resetSocket(this.socket);
  }
}
