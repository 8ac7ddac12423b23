import { Socket, connect } from 'node:net';
import { readStatically, sharedReadMemory } from './static-read.ts';
import { writeRange, writeTransient } from './static-write.ts';
import type { ConnectTarget } from '../options/values.ts';

/** Who reads a {@link RelayEnd}. Everything is called synchronously, as it happens. */
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
  /** All that was written is on its way, after `write` had returned false. */
  drained(): void;
  /** The connection is gone, once; with the error that ended it, if it was one. */
  closed(error: Error | undefined): void;
}

/** Options of {@link acceptRelayEnd} and {@link dialRelayEnd}. */
export interface RelayEndOptions {
  /** `false` reads by public API alone. @defaultValue where the runtime can */
  readonly staticRead?: boolean;
}

/**
 * One of the two connections of a relay. It is read into the memory that all connections of the process share, without an event,
 * promise or allocation for each read. Unlike a `Link` it is read however much it has yet to send: the two directions of a
 * relay do not wait for each other, so who reads is told by the reader alone.
 */
export interface RelayEnd {
  /** For its addresses and counters. Never to be read, written or paused. */
  readonly socket: Socket;
  readonly isStatic: boolean;
  /** Bytes written that the kernel has not taken. */
  readonly pendingBytes: number;
  /** Reads on, after `bytes` had returned false. */
  resume(): void;
  /**
   * Writes the first `byteLength` bytes of `memory`, which may be overwritten after the call.
   *
   * @returns false when 64 KiB or more wait to be sent: `drained` tells of their end. Also when the connection has gone.
   */
  write(memory: Buffer, byteLength: number): boolean;
  /**
   * Writes `memory[start, end)` in a write of its own; the memory may be overwritten after the call.
   *
   * @returns whether the kernel has taken it, and all before it: else the next piece would leave together with others. `whenTaken`
   * tells when it has. Also true when the connection has gone.
   */
  writePiece(memory: Buffer, start: number, end: number): boolean;
  /** Calls back once the kernel has taken all that was written; never when the connection goes before that. */
  whenTaken(callback: () => void): void;
  /** Ends our side once all is sent. */
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

/** Connects to `target` for the other end. `connected` or `closed` of the reader tells how that went. */
export function dialRelayEnd(target: ConnectTarget, reader: RelayReader, { staticRead = true }: RelayEndOptions = {}): RelayEnd {
  const onread = {
    buffer: sharedReadMemory(),
    callback: (byteLength: number, memory: Uint8Array) => reader.bytes(memory as Buffer, byteLength),
  };
  const socket = connect({ ...target, allowHalfOpen: true, noDelay: true, ...(staticRead ? { onread } : {}) });
  socket.once('connect', () => reader.connected());
  return new SocketEnd(socket, reader, staticRead);
}

/** Bytes that wait to be sent from which on a socket tells, and is told, that it is full: Node's own mark. */
const HIGH_WATER_MARK = 65_536;

const NOTHING = new Uint8Array(0);

class SocketEnd implements RelayEnd {
  readonly socket: Socket;
  readonly isStatic: boolean;

  constructor(socket: Socket, reader: RelayReader, isStatic: boolean) {
    this.socket = socket;
    this.isStatic = isStatic;
    socket
      // The close tells of it.
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
    // Behind all that waits: a socket tells of the end of a write only to who asked with it.
    else socket.write(NOTHING, (error) => (error === null || error === undefined ? callback() : undefined));
  }

  end(): void {
    this.socket.end();
  }

  reset(): void {
    const { socket } = this;
    if (socket.connecting || socket.remoteAddress === undefined) socket.destroy();
    else socket.resetAndDestroy();
  }
}
