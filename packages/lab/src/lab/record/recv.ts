import { FrameError } from '@socklab/framing';
import { LabError } from '../base/errors.ts';
import { excerpt } from '../base/text.ts';
import { describeFrameError } from './frame-faults.ts';
import type { FlowEvent } from '../../picture/flow.ts';
import type { Bytes, Codec, Decoder } from '@socklab/framing';

/**
 * The program of a receiver, written as with blocking sockets: `yield n` is `recv(n)`. It returns the bytes of one read of at
 * most n bytes, empty once the sender has ended; `yield 0` returns nothing and does not wait. Yielding a {@link Finding} reports
 * what was decoded, for the picture of the run, and returns nothing.
 *
 * ```ts
 * function* oneMessage(): RecvProgram<Bytes> {
 *   const header = yield 4;
 *   return yield i32le.read(header, 0);
 * }
 * ```
 */
export type RecvProgram<Result> = Generator<number | Finding, Result, Bytes>;

/** A decoded message or a fault. Offsets are those of the stream. */
export type Finding = FindingOf<'message'> | FindingOf<'fault'>;

type FindingOf<Type extends FlowEvent['type']> = Omit<Extract<FlowEvent, { readonly type: Type }>, 'us'>;

/** Observer of a {@link Recv}. */
export interface RecvObserver {
  /** A read returned this number of bytes; 0 at the end of the stream. */
  read(byteLength: number): void;
  found(finding: Finding): void;
}

/** Longest single read, in bytes: a size read from the wire must not decide how much is allocated. */
export const MAX_RECV_BYTES = 1_048_576;

// A blocking socket returns empty reads forever after the end; a program that ignores them must not hang the lab.
const MAX_EMPTY_READS = 16;

const EMPTY: Bytes = new Uint8Array(0);

/** Reads until the end: first at most `sizes[0]` bytes, and so on; the last size is used for all further reads. */
export function* recvSizes(...sizes: readonly [number, ...number[]]): RecvProgram<readonly Bytes[]> {
  const reads: Bytes[] = [];
  for (;;) {
    const bytes = yield sizes[Math.min(reads.length, sizes.length - 1)]!;
    reads.push(bytes);
    if (bytes.length === 0) return reads;
  }
}

/** Reads until there are `byteLength` bytes, which one `recv` does not guarantee; fewer if the sender ends first. */
export function* recvExactly(byteLength: number): RecvProgram<Bytes> {
  const bytes = new Uint8Array(byteLength);
  let filledBytes = 0;
  while (filledBytes < byteLength) {
    const read = yield byteLength - filledBytes;
    if (read.length === 0) break;
    bytes.set(read, filledBytes);
    filledBytes += read.length;
  }
  return bytes.subarray(0, filledBytes);
}

/**
 * Reads at most `readBytes` at a time and decodes until the end: pushes each chunk, takes the complete messages. Throws the
 * errors of the decoder.
 */
export function* recvMessages(codec: Codec, readBytes: number): RecvProgram<readonly Bytes[]> {
  const decoder = codec.createDecoder();
  const messages: Bytes[] = [];
  let pushedBytes = 0;
  let takenBytes = 0;
  try {
    for (let chunk = yield readBytes; chunk.length > 0; chunk = yield readBytes) {
      decoder.push(chunk);
      pushedBytes += chunk.length;
      takenBytes = yield* takeComplete(decoder, { pushedBytes, takenBytes }, messages);
    }
    decoder.end();
    // In framings where the end of the stream ends a frame, the last frame follows now.
    takenBytes = yield* takeComplete(decoder, { pushedBytes, takenBytes }, messages);
  } catch (error) {
    if (error instanceof FrameError) yield { type: 'fault', start: error.offset, reason: describeFrameError(error) };
    throw error;
  }
  return messages;
}

interface Progress {
  readonly pushedBytes: number;
  /** Bytes of the stream decoded so far. */
  readonly takenBytes: number;
}

/** @returns the number of bytes decoded by this call. */
function* takeComplete(decoder: Decoder, { pushedBytes, takenBytes }: Progress, messages: Bytes[]): Generator<Finding, number, Bytes> {
  let start = takenBytes;
  for (let message = decoder.next(); message !== undefined; message = decoder.next()) {
    const end = pushedBytes - decoder.bufferedBytes;
    yield { type: 'message', start, end, text: excerpt(message) };
    messages.push(message);
    start = end;
  }
  return start;
}

/** How a program ended. */
export type RecvResult<Result> = { readonly value: Result } | { readonly error: unknown };

/**
 * Executes a {@link RecvProgram}: the caller reads into `buffer` and reports the result by `took` or `ended`. Independent of
 * sockets.
 */
export class Recv<Result> {
  readonly #program: RecvProgram<Result>;
  readonly #observer: RecvObserver | undefined;
  /** The bytes of each read, including the empty ones at the end. */
  readonly reads: Bytes[] = [];
  /** Bytes read so far. */
  readBytes = 0;
  /** Buffer of the next read, of exactly the requested size. */
  buffer: Bytes = EMPTY;
  result: RecvResult<Result> | undefined;

  constructor(program: RecvProgram<Result>, observer?: RecvObserver) {
    this.#program = program;
    this.#observer = observer;
    this.#step(() => program.next(EMPTY));
  }

  /** The first `byteLength` bytes of `buffer` were read. */
  took(byteLength: number): void {
    this.#give(this.buffer.subarray(0, byteLength));
  }

  /** The sender ended: this read and all later ones are empty. */
  ended(): void {
    for (let emptyReads = 0; this.result === undefined; emptyReads++) {
      if (emptyReads === MAX_EMPTY_READS) {
        this.fail(stillReads());
        return;
      }
      this.#give(EMPTY);
    }
  }

  /** Ends the program with `error`, unless it has ended. */
  fail(error: unknown): void {
    this.result ??= { error };
  }

  #give(bytes: Bytes): void {
    this.reads.push(bytes);
    this.readBytes += bytes.length;
    this.#observer?.read(bytes.length);
    this.#step(() => this.#program.next(bytes));
  }

  #step(next: () => IteratorResult<number | Finding, Result>): void {
    try {
      let step = next();
      for (let emptyReads = 0; step.done !== true && (step.value === 0 || typeof step.value === 'object');) {
        if (typeof step.value === 'object') this.#observer?.found(step.value);
        else if (emptyReads++ === MAX_EMPTY_READS) throw stillReads();
        step = this.#program.next(EMPTY);
      }
      if (step.done === true) this.result = { value: step.value };
      else this.buffer = new Uint8Array(checkedSize(step.value as number));
    } catch (error) {
      this.result = { error };
    }
  }
}

function stillReads(): LabError {
  return new LabError('LAB_ERR_RECV', `the program still reads after ${MAX_EMPTY_READS} empty reads`);
}

function checkedSize(size: number): number {
  if (Number.isInteger(size) && size >= 0 && size <= MAX_RECV_BYTES) return size;
  throw new LabError('LAB_ERR_RECV', `recv(${size}); allowed: whole numbers from 0 to ${MAX_RECV_BYTES}`);
}
