import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { codeOf } from '@socklab/service';
import type { Direction } from './direction.ts';

/** The connection and direction that a line of a capture is about. */
export interface CaptureSubject {
  readonly connection: number;
  readonly direction: Direction;
}

/** Address of one end of a connection; empty and 0 for a unix socket. */
export interface CaptureAddress {
  readonly host: string;
  readonly port: number;
}

/** One of the two connections of one that is proxied: the client's with the proxy, or the proxy's with the target. */
export interface CaptureSide {
  readonly end: 'client' | 'target';
  /** Who connected, and to whom. */
  readonly from: CaptureAddress;
  readonly to: CaptureAddress;
}

/** Records what is read and written. */
export interface Capture {
  /** A side of a connection is there, before anything is read from it. */
  connected?(connection: number, side: CaptureSide): void;
  /** Nothing more comes of this connection. */
  gone?(connection: number): void;
  /** The source of the direction delivered bytes. */
  read(subject: CaptureSubject, memory: Buffer, byteLength: number): void;
  /** A piece is being sent; `wrote` follows once its pace has been waited for. Tells when the piece left. */
  writing?(subject: CaptureSubject, byteLength: number): void;
  /** A piece was written to the sink; `isConfirmed` when the peer is known to have read it separately. */
  wrote(subject: CaptureSubject, byteLength: number, isConfirmed: boolean): void;
  /** The source of the direction ended. */
  end(subject: CaptureSubject, end: 'fin' | 'reset'): void;
  /** Flushes and closes the file. */
  close(): void;
}

/** Options of {@link openCapture}. */
export interface CaptureOptions {
  readonly path: string;
  /** Maximum size of the file in bytes. Beyond it, one line says that the capture is incomplete. */
  readonly maxBytes: number;
  /** Additional fields of the first line. */
  readonly head: Readonly<Record<string, string | number>>;
  /** Called once with the system's error code when writing fails. The capture stops; the traffic goes on. */
  readonly onStopped: (code: string) => void;
}

const FLUSH_CHARS = 65_536;
const FLUSH_MS = 100;
/** Most characters buffered for the reader of a pipe. */
const MAX_WAITING_CHARS = 8_388_608;
/** Never block on a pipe whose reader is slow; a pipe without a reader is an error. */
const OPEN_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;
/** A read has at most 64 KiB, which is 128 KiB of hex, plus the other fields. */
const LONGEST_LINE_CHARS = 140_000;

/**
 * Opens a capture in JSON lines: a header, then one event a line, with microseconds since the capture was opened.
 *
 * ```
 * {"socklab":"capture","version":1,"target":"127.0.0.1:6379","plan":"bytes:3","seed":1}
 * {"us":1204,"conn":1,"from":"client","read":6,"hex":"50494e470d0a"}
 * {"us":1251,"conn":1,"from":"client","wrote":3}
 * {"us":1260,"conn":1,"from":"client","wrote":3,"confirmed":true}
 * {"us":9120,"conn":1,"from":"client","end":"fin"}
 * ```
 *
 * Lines are written in the order of the events, at most 100 ms later. An existing file is replaced. A full disk, or a pipe
 * whose reader leaves 8 MiB unread, ends the capture and nothing else.
 *
 * @throws the system's error, when the file cannot be written.
 */
export function openCapture(options: CaptureOptions): Capture {
  return new FileCapture(options);
}

class FileCapture implements Capture {
  readonly #file: number;
  readonly #startedAt = performance.now();
  readonly #maxBytes: number;
  readonly #onStopped: (code: string) => void;
  #lines = '';
  #writtenBytes = 0;
  #isFull = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ path, maxBytes, head, onStopped }: CaptureOptions) {
    this.#file = openSync(path, OPEN_FLAGS, 0o600);
    this.#maxBytes = maxBytes;
    this.#onStopped = onStopped;
    this.#append({ socklab: 'capture', version: 1, ...head });
    this.#write();
  }

  read(subject: CaptureSubject, memory: Buffer, byteLength: number): void {
    if (!this.#isFull) this.#tell(subject, { read: byteLength, hex: memory.toString('hex', 0, byteLength) });
  }

  wrote(subject: CaptureSubject, byteLength: number, isConfirmed: boolean): void {
    if (!this.#isFull) this.#tell(subject, { wrote: byteLength, ...(isConfirmed ? { confirmed: true } : {}) });
  }

  end(subject: CaptureSubject, end: 'fin' | 'reset'): void {
    if (!this.#isFull) this.#tell(subject, { end });
  }

  close(): void {
    this.#flush();
    clearTimeout(this.#timer);
    this.#isFull = true;
    closeSync(this.#file);
  }

  #tell({ connection, direction }: CaptureSubject, what: object): void {
    const us = this.#microseconds();
    if (this.#writtenBytes + this.#lines.length + LONGEST_LINE_CHARS > this.#maxBytes) {
      this.#append({ us, full: true });
      this.#isFull = true;
    } else this.#append({ us, conn: connection, from: direction === 'up' ? 'client' : 'server', ...what });
    if (this.#lines.length >= FLUSH_CHARS || this.#isFull) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #microseconds(): number {
    return Math.round((performance.now() - this.#startedAt) * 1000);
  }

  // ASCII only, so that one character is one byte; a path in the header may contain anything.
  #append(line: object): void {
    this.#lines += `${JSON.stringify(line).replaceAll(NOT_ASCII, escaped)}\n`;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#write();
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      this.#stop(code);
    }
    if (this.#lines.length > MAX_WAITING_CHARS) this.#stop('EAGAIN');
    else if (this.#lines !== '') this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Writes what the system accepts without blocking; the rest stays buffered. */
  #write(): void {
    while (this.#lines !== '') {
      const written = tryWrite(this.#file, this.#lines);
      if (written === 0) return;
      this.#lines = this.#lines.slice(written);
      this.#writtenBytes += written;
    }
  }

  #stop(code: string): void {
    this.#lines = '';
    this.#isFull = true;
    this.#onStopped(code);
  }
}

const NOT_ASCII = /[\u0080-\uffff]/g;

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function tryWrite(file: number, text: string): number {
  try {
    return writeSync(file, text, null, 'latin1');
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return 0;
    throw error;
  }
}
