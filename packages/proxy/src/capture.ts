import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { Direction } from './direction.ts';

/** Whose bytes a line of a capture is about. */
export interface CaptureSubject {
  readonly connection: number;
  readonly direction: Direction;
}

/** Writes down what is read and written. */
export interface Capture {
  /** The source of the direction was read. */
  read(subject: CaptureSubject, memory: Buffer, byteLength: number): void;
  /** A piece goes out, and what its pace waits for has yet to happen: then `wrote` tells of it. For those who want to know when it left. */
  writing?(subject: CaptureSubject, byteLength: number): void;
  /** A piece was written to the sink of the direction, and `isConfirmed` when the peer is known to have read it on its own. */
  wrote(subject: CaptureSubject, byteLength: number, isConfirmed: boolean): void;
  /** The source of the direction has ended. */
  end(subject: CaptureSubject, end: 'fin' | 'reset'): void;
  /** Writes what is left, and closes the file. */
  close(): void;
}

/** Options of {@link openCapture}. */
export interface CaptureOptions {
  readonly path: string;
  /** From where on nothing more is written but a line that says so, in bytes. */
  readonly maxBytes: number;
  /** What stands in the first line besides. */
  readonly head: Readonly<Record<string, string | number>>;
  /** Called once when the file takes no more, with the system's code: nothing more is written down, and the traffic passes all the same. */
  readonly onStopped: (code: string) => void;
}

const FLUSH_CHARS = 65_536;
const FLUSH_MS = 100;
/** What may wait for the reader of a pipe, in characters. */
const MAX_WAITING_CHARS = 8_388_608;
/** A pipe whose reader takes nothing is not waited for, and one that has none is an error. */
const OPEN_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;
/** A read has at most 64 KiB, so 128 KiB of hex, and a little beside it. */
const LONGEST_LINE_CHARS = 140_000;

/**
 * Opens a capture, as JSON lines: a head, then what happened, with microseconds since the capture was opened.
 *
 * ```
 * {"socklab":"capture","version":1,"target":"127.0.0.1:6379","plan":"bytes:3","seed":1}
 * {"us":1204,"conn":1,"from":"client","read":6,"hex":"50494e470d0a"}
 * {"us":1251,"conn":1,"from":"client","wrote":3}
 * {"us":1260,"conn":1,"from":"client","wrote":3,"confirmed":true}
 * {"us":9120,"conn":1,"from":"client","end":"fin"}
 * ```
 *
 * Lines are written in the order of what they tell, at most 100 ms later. The file is replaced when it is there. A disk
 * that is full, and a pipe whose reader leaves 8 MiB unread, end the capture and nothing else.
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

  // All of it is ASCII, so that characters are bytes: in the head a path can be anything.
  #append(line: object): void {
    this.#lines += `${JSON.stringify(line).replaceAll(NOT_ASCII, escaped)}\n`;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#write();
    } catch (error) {
      this.#stop(codeOf(error));
    }
    if (this.#lines.length > MAX_WAITING_CHARS) this.#stop('EAGAIN');
    else if (this.#lines !== '') this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Writes what the system takes at once; the rest waits. */
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

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
