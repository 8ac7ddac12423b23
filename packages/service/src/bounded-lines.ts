import { fstatSync, writeSync } from 'node:fs';
import { codeOf, hasCode, isReaderGone } from './system-error.ts';

/** What a log may keep for a reader that takes nothing, in bytes: some thousand lines. */
const MAX_WAITING_BYTES = 1_048_576;

/** How often such a reader is tried again, in milliseconds. */
const RETRY_MS = 50;

/** Options of {@link boundedLines}. */
export interface BoundedLinesOptions {
  /** Called once when nobody reads any more. */
  readonly onReaderGone: () => void;
  /** Called when lines are taken again after some were lost: how many, and the code of the last error. */
  readonly onLost: (lines: number, code: string) => void;
}

/** Lines to a descriptor, none of which is ever waited for. */
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

/** Every {@link BoundedLines} of this process, for its end. */
const opened = new Set<Lines>();

/**
 * Writes lines at once where the system takes them. A reader that takes nothing costs at most 1 MiB: then lines are lost, and
 * counted. So are lines that a full disk refuses.
 *
 *     open --EAGAIN--> waiting --taken--> open          open, waiting --EPIPE, EIO--> gone
 *                      waiting --1 MiB, lines lost--> waiting
 *
 * @param fd - Not blocking where it can block: Node.js makes a pipe so once `process.stdout` is used.
 * @throws Error of the system when the very first line cannot be written: the program cannot do what it was told.
 */
export function boundedLines(fd: number, options: BoundedLinesOptions): BoundedLines {
  const lines = new Lines(fd, options);
  opened.add(lines);
  return lines;
}

/** Waits until the lines that wait are taken, at most for so long, in milliseconds. */
export async function linesTaken(limitMs: number): Promise<void> {
  await Promise.all([...opened].map((lines) => lines.taken(limitMs)));
}

/** The same at once, and nothing else happens meanwhile: for a process that ends in the same call. */
export function writeWaitingLines(limitMs: number): void {
  const until = performance.now() + limitMs;
  for (const lines of opened) {
    while (lines.waitingBytes > 0 && performance.now() < until) {
      lines.writeWaiting();
      if (lines.waitingBytes > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

class Lines implements BoundedLines {
  waitingBytes = 0;
  readonly #fd: number;
  readonly #options: BoundedLinesOptions;
  readonly #isFile: boolean;
  #waiting: Buffer[] = [];
  #lost = 0;
  #lostCode = '';
  #hasWritten = false;
  #isGone = false;
  #retry: NodeJS.Timeout | undefined;
  #whenTaken: (() => void)[] = [];

  constructor(fd: number, options: BoundedLinesOptions) {
    this.#fd = fd;
    this.#options = options;
    this.#isFile = fstatSync(fd).isFile();
  }

  write(line: string): void {
    if (this.#isGone) return;
    if (this.waitingBytes > 0) this.writeWaiting();
    const bytes = Buffer.from(line);
    const written = this.waitingBytes > 0 ? 0 : this.#tryWrite(bytes);
    if (written === undefined || written === bytes.length) return;
    // A line that was begun is kept whatever waits: half a line would spoil the next one.
    if (written === 0 && this.waitingBytes + bytes.length > MAX_WAITING_BYTES) this.#lose('EAGAIN');
    else this.#keep(bytes.subarray(written));
  }

  async taken(limitMs: number): Promise<void> {
    if (this.waitingBytes === 0 || this.#isGone) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const limit = setTimeout(resolve, limitMs);
    this.#whenTaken.push(resolve);
    await promise;
    clearTimeout(limit);
  }

  #keep(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.#retryLater();
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.writeWaiting();
      if (this.waitingBytes > 0) this.#retryLater();
    }, RETRY_MS).unref();
  }

  writeWaiting(): void {
    while (this.waitingBytes > 0) {
      const all = this.#waiting.length === 1 ? this.#waiting[0]! : Buffer.concat(this.#waiting);
      const written = this.#tryWrite(all);
      if (written === 0) {
        this.#waiting = [all];
        return;
      }
      this.#waiting = written === undefined || written === all.length ? [] : [all.subarray(written)];
      this.waitingBytes = written === undefined ? 0 : all.length - written;
    }
    for (const resolve of this.#whenTaken.splice(0)) resolve();
    this.#tellLost();
  }

  /** @returns How many bytes were taken; `undefined` when they are lost. */
  #tryWrite(bytes: Buffer): number | undefined {
    try {
      const written = writeSync(this.#fd, bytes);
      this.#hasWritten = true;
      this.#tellLost();
      return written;
    } catch (error) {
      if (hasCode(error, 'EAGAIN')) return 0;
      // EIO of a file is its disk.
      if (isReaderGone(error) && !this.#isFile) this.#goAway();
      else if (this.#hasWritten) this.#lose(codeOf(error) ?? 'unknown');
      else throw error;
      return undefined;
    }
  }

  #goAway(): void {
    this.#isGone = true;
    this.waitingBytes = 0;
    this.#waiting = [];
    clearTimeout(this.#retry);
    for (const resolve of this.#whenTaken.splice(0)) resolve();
    this.#options.onReaderGone();
  }

  #lose(code: string): void {
    lostLines += 1;
    this.#lost += 1;
    this.#lostCode = code;
  }

  #tellLost(): void {
    if (this.#lost === 0 || this.waitingBytes > 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#options.onLost(lost, this.#lostCode);
  }
}
