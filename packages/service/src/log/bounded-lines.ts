import { fstatSync, writeSync } from 'node:fs';
import { codeOf, hasCode, isReaderGone } from '../base/system-error.ts';

/** Bytes that a log may keep for a reader that does not read: some thousand lines. */
const MAX_WAITING_BYTES = 1_048_576;

/** How often such a reader is retried, in milliseconds. */
const RETRY_MS = 50;

/** Options of {@link boundedLines}. */
export interface BoundedLinesOptions {
  /** Called once when the reader is gone. */
  readonly onReaderGone: () => void;
  /** Called when writing works again after lines were lost: how many, and the code of the last error. It may write a line. */
  readonly onLost: (lines: number, code: string) => void;
  /** Called whenever everything is written. It may write. */
  readonly onTaken?: () => void;
  /** Writes what fits at once, and returns how many bytes that was. @defaultValue `writeSync` of node:fs */
  readonly writeSome?: (fd: number, bytes: Buffer) => number;
}

/** Writes lines to a descriptor without ever waiting. */
export interface BoundedLines {
  write(line: string): void;
  /** Bytes that wait for the reader. */
  readonly waitingBytes: number;
}

let lostLines = 0;

/** Lines that the logs of this process have lost so far. */
export function lostLogLines(): number {
  return lostLines;
}

/** Every {@link BoundedLines} of this process, to be flushed at its end. */
const opened = new Set<Lines>();

/**
 * Writes lines at once where the system takes them. A reader that does not read costs at most 1 MiB: further lines are
 * dropped, and counted. So are lines that do not fit on a full disk.
 *
 *     open --EAGAIN--> waiting --taken--> open          open, waiting --EPIPE, EIO--> gone
 *                      waiting --1 MiB, lines lost--> waiting
 *
 * @param fd - Non-blocking where it could block: Node.js makes a pipe so once `process.stdout` is used.
 * @throws The system's error when the very first line cannot be written: the program cannot do its work.
 */
export function boundedLines(fd: number, options: BoundedLinesOptions): BoundedLines {
  const lines = new Lines(fd, options);
  opened.add(lines);
  return lines;
}

/** Waits until the kept lines are written, at most this long, in milliseconds. */
export async function linesTaken(limitMs: number): Promise<void> {
  await Promise.all([...opened].map((lines) => lines.taken(limitMs)));
}

/** The same synchronously: for a process that ends in the same call. */
export function writeWaitingLines(limitMs: number): void {
  const until = performance.now() + limitMs;
  for (const lines of opened) {
    while (lines.waitingBytes > 0 && performance.now() < until) {
      lines.writeWaiting();
      if (lines.waitingBytes > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Kept lines are written in pieces of this size, in bytes: the most that a pipe takes. */
const PIECE_BYTES = 65_536;

const LF = 0x0a;
const NEWLINE: Buffer = Buffer.from([LF]);

class Lines implements BoundedLines {
  waitingBytes = 0;
  readonly #fd: number;
  readonly #options: BoundedLinesOptions;
  readonly #writeSome: (fd: number, bytes: Buffer) => number;
  readonly #isFile: boolean;
  /** The first may be the rest of a line, or many lines joined into one write. */
  #waiting: Buffer[] = [];
  #lost = 0;
  #lostCode = '';
  #hasWritten = false;
  /** Whether the last write ended within a line. */
  #isMidLine = false;
  /** Whether the rest of that line was lost: the next write begins by ending it. */
  #isCut = false;
  /** Whether the last write succeeded. */
  #takes = true;
  #isGone = false;
  #retry: NodeJS.Timeout | undefined;
  #whenTaken: (() => void)[] = [];

  constructor(fd: number, options: BoundedLinesOptions) {
    this.#fd = fd;
    this.#options = options;
    this.#writeSome = options.writeSome ?? writeSync;
    this.#isFile = fstatSync(fd).isFile();
  }

  write(line: string): void {
    if (this.waitingBytes > 0) this.writeWaiting();
    if (this.#isGone) return;
    const bytes = Buffer.from(line);
    if (this.waitingBytes > 0 && this.waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#lose('EAGAIN');
      return;
    }
    const isFirst = this.waitingBytes === 0;
    this.#waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (isFirst) this.writeWaiting();
    if (this.waitingBytes > 0) this.#retryLater();
  }

  async taken(limitMs: number): Promise<void> {
    if (this.waitingBytes === 0 || this.#isGone) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const limit = setTimeout(resolve, limitMs);
    this.#whenTaken.push(resolve);
    await promise;
    clearTimeout(limit);
  }

  writeWaiting(): void {
    while (this.waitingBytes > 0) {
      const piece = this.#nextPiece();
      const written = this.#tryWrite(piece);
      if (this.#isGone) break;
      if (written === 0) return;
      if (written === piece.length) this.#waiting.shift();
      else this.#waiting[0] = piece.subarray(written);
      this.waitingBytes -= written;
    }
    for (const resolve of this.#whenTaken.splice(0)) resolve();
    this.#tellLost();
    if (this.waitingBytes === 0) this.#options.onTaken?.();
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.writeWaiting();
      if (this.waitingBytes > 0) this.#retryLater();
    }, RETRY_MS).unref();
  }

  /** Joins lines once, so that a retry copies nothing. */
  #nextPiece(): Buffer {
    const [first] = this.#waiting as [Buffer, ...Buffer[]];
    if (this.#waiting.length === 1 || first.length >= PIECE_BYTES / 2) return first;
    let byteLength = 0;
    const count = this.#waiting.findIndex((line) => (byteLength += line.length) >= PIECE_BYTES) + 1;
    const piece = Buffer.concat(this.#waiting.splice(0, count === 0 ? this.#waiting.length : count));
    this.#waiting.unshift(piece);
    return piece;
  }

  /** @returns How many bytes are done: written, or lost. */
  #tryWrite(bytes: Buffer): number {
    try {
      if (this.#isCut && this.#writeSome(this.#fd, NEWLINE) === 0) return 0;
      this.#isCut = false;
      const written = this.#writeSome(this.#fd, bytes);
      this.#hasWritten = true;
      this.#takes = true;
      if (written > 0) this.#isMidLine = bytes[written - 1] !== LF;
      return written;
    } catch (error) {
      if (hasCode(error, 'EAGAIN')) return 0;
      // EIO of a file comes from its disk.
      if (isReaderGone(error) && !this.#isFile) this.#goAway();
      else if (this.#hasWritten) this.#loseRest(codeOf(error) ?? 'unknown');
      else throw error;
      return bytes.length;
    }
  }

  #goAway(): void {
    this.#isGone = true;
    this.#waiting = [];
    this.waitingBytes = 0;
    clearTimeout(this.#retry);
    this.#options.onReaderGone();
  }

  #loseRest(code: string): void {
    this.#isCut ||= this.#isMidLine;
    this.#isMidLine = false;
    this.#lose(code);
  }

  #lose(code: string): void {
    lostLines += 1;
    this.#lost += 1;
    this.#lostCode = code;
    this.#takes = false;
  }

  /** Reported once writing works again, and between two lines. */
  #tellLost(): void {
    if (this.#lost === 0 || !this.#takes || this.#isGone) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#options.onLost(lost, this.#lostCode);
  }
}
