import { closeSync, openSync, writeSync } from 'node:fs';
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
}

const FLUSH_CHARS = 65_536;
const FLUSH_MS = 100;
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
 * Lines are written in the order of what they tell, at most 100 ms later. The file is replaced when it is there.
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
  #lines = '';
  #writtenBytes = 0;
  #isFull = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ path, maxBytes, head }: CaptureOptions) {
    this.#file = openSync(path, 'w', 0o600);
    this.#maxBytes = maxBytes;
    this.#append({ socklab: 'capture', version: 1, ...head });
    this.#flush();
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

  // Everything in it is ASCII but the head, so that characters are bytes.
  #append(line: object): void {
    this.#lines += `${JSON.stringify(line)}\n`;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = Buffer.from(this.#lines);
    this.#lines = '';
    this.#writtenBytes += bytes.length;
    for (let from = 0; from < bytes.length;) from += writeSync(this.#file, bytes, from);
  }
}
