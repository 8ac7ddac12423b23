import { checkBytes } from '../check-bytes.ts';
import { checkedChoice } from '../choice.ts';
import { FrameError } from '../errors.ts';
import { HEX_WINDOW_BYTES } from '../limits.ts';
import { Accumulator } from './accumulator.ts';
import { copyBound } from './copy-bound.ts';
import { copyBytes, joined } from './copy-bytes.ts';
import { checkNotGone, chunkIsGone } from './gone-chunk.ts';
import { hexWindow } from './hex-window.ts';
import { protocolHint } from './hint.ts';
import { platformBuffer } from './platform.ts';
import { HEAP_BYTES, Slabs } from './slab.ts';
import { codeOfThrown, thrownText } from './thrown.ts';
import type { ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameErrorCode, FrameErrorDetails } from '../errors.ts';

const EMPTY: Bytes = new Uint8Array(0);

const PAYLOADS = ['auto', 'view', 'copy'] as const;

/** Errors that a peer of another protocol causes. */
const HINTED_CODES: ReadonlySet<FrameErrorCode> = new Set(['FRAME_ERR_TOO_LARGE', 'FRAME_ERR_MALFORMED_LENGTH', 'FRAME_ERR_BAD_MAGIC']);

/**
 * What the decoders of all formats share: the current chunk, a frame that crosses chunks, memory, errors.
 *
 * A format adds `advance()`. It reads `chunk[position, chunkEnd)`, moves `position` past what it consumed, and either sets
 * where the next payload is (`found`, `foundPartial`) or moves the beginning of an incomplete frame into owned memory
 * (`partial`, `heldHeader`) and returns `wantMore()`. It moves `position` past bytes only once they are held or found, so
 * that errors and `detach` can show them.
 *
 * ```
 *            push                        push before all was read: both lie in #backlog
 *   empty ---------> reading  <------------------------------------------------ reading
 *
 *                    reading ---- wantMore() --------------------------------> empty
 *                    reading ---- wantMore(), missing > 0 -------------------> collecting
 *
 *                 collecting ---- push of less than is missing: to `sink` ---> collecting
 *                 collecting ---- push of what is missing, or more ----------> reading
 *
 *   any of them, inside a frame ---- fail() ----> failed, which throws #failure ever after
 *   any of them ---- detach() ----> empty
 * ```
 *
 * - _empty_: no chunk is kept; the beginning of an incomplete frame may be in `partial` and the held header.
 * - _reading_: `chunk[position, chunkEnd)` is not consumed yet. A payload that was found is in the chunk, or in `partial`
 * when `#isCollected`; it is valid until the next call of `advance` or `push`.
 * - _collecting_: no chunk is kept either, and the next `missing` bytes go to `sink` unseen.
 */
export abstract class ChunkDecoder implements ByteDecoder {
  /** The current bytes: a plain `Uint8Array` or a Node buffer, so that reads see few hidden classes. */
  protected chunk: BytesIn = EMPTY;
  protected position = 0;
  protected chunkEnd = 0;
  /**
   * For fast paths: the end of the chunk when nothing of a frame is held, else 0, so that one comparison tells whether a
   * frame can start at `position`. Set by `openChunk`.
   */
  protected readableEnd = 0;
  /** Payload bytes of earlier chunks. */
  protected readonly partial: Accumulator = new Accumulator();
  /** Where the next `missing` bytes go. */
  protected sink: Accumulator = this.partial;
  /** Bytes that `sink` still needs: a shorter chunk is appended unseen. */
  protected missing = 0;
  protected readonly maxPayloadBytes: number;
  /** For the fast path: the limit, or 2^30 where it is above. Small integers from the start, or the compiler would compare floating point numbers. */
  protected readonly largestAtOnce: number = 0;
  /** Where `advance` found the payload. Fields and not getters, which the compiler inlines last, once its budget is used up. */
  payloadStart = 0;
  payloadEnd = 0;
  /** Idle bytes between frames so far: see `Decoder`. */
  skippedBytes = 0;

  readonly #payload: 'auto' | 'view' | 'copy';
  // What views of the chunk are made from. Looked up for the first view: the getters cost as much as the rest of a small frame.
  #memory: ArrayBufferLike | undefined;
  #memoryOffset = 0;
  #copyBelowBytes = 0;
  /** Memory for small payloads, as long as the stream goes on; never with `copy`, which allocates for each. */
  #slabs: Slabs | undefined;
  /** The chunk as the caller of the cursor sees it: a plain `Uint8Array`. */
  #plainChunk: BytesIn | undefined;
  /** The memory of a payload that was found; absent while nobody asked for the chunk. */
  #foundIn: BytesIn | undefined;
  #backlog: Bytes | undefined;
  #chunkStreamOffset = 0;
  #frameIndex = 0;
  /** Whether `advance` found the payload in memory that was collected from several chunks, not in the chunk. */
  #isCollected = false;
  #failure: FrameError | undefined;

  constructor(maxPayloadBytes: number, { payload = 'auto' }: DecoderOptions = {}) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.largestAtOnce = Math.min(maxPayloadBytes, 2 ** 30);
    this.#payload = checkedChoice('payload', payload, PAYLOADS);
  }

  abstract advance(): boolean;
  abstract get neededBytes(): number | undefined;

  /** Header bytes of the current frame that are no longer in the chunk. */
  protected heldHeader(): Bytes {
    return EMPTY;
  }

  /** Length of `heldHeader`. */
  protected get heldHeaderBytes(): number {
    return this.heldHeader().length;
  }

  /** Forgets the held header. */
  protected reset(): void {}

  get bufferedBytes(): number {
    return this.heldHeaderBytes + this.partial.length + (this.chunkEnd - this.position);
  }

  push(chunk: BytesIn): void {
    // Hot path when a peer sends byte by byte: cheapest check first. Strings and lists have a length too.
    if (chunk?.BYTES_PER_ELEMENT !== 1) checkBytes(chunk, 'a chunk');
    // While bytes are missing nothing is unread, and nothing has failed.
    const byteLength = chunk.length;
    const missing = this.missing - byteLength;
    if (missing > 0 && byteLength > 0) {
      this.missing = missing;
      this.#chunkStreamOffset += byteLength;
      this.sink.appendAll(chunk, byteLength, missing);
    } else {
      this.#begin(chunk, byteLength);
    }
  }

  #begin(chunk: BytesIn, byteLength: number): void {
    this.throwIfFailed();
    if (byteLength === 0) return checkNotGone(chunk);
    this.missing = 0;
    if (this.position < this.chunkEnd) {
      this.#pushBehindUnread(chunk);
      return;
    }
    this.#chunkStreamOffset += this.chunkEnd;
    this.#backlog = undefined;
    this.position = 0;
    this.#use(chunk);
  }

  end(): void {
    this.throwIfFailed();
    const bufferedBytes = this.bufferedBytes;
    if (bufferedBytes === 0) return;
    this.checkChunk();
    const needed = this.neededBytes === undefined ? '' : `, at least ${this.neededBytes} more needed`;
    throw this.fail('FRAME_ERR_TRUNCATED', `stream ended inside a frame: ${bufferedBytes} bytes of it arrived${needed}`);
  }

  detach(): Bytes {
    this.throwIfFailed();
    this.checkChunk();
    const bytes = joined(this.heldHeader(), this.partial.peek(), this.chunk.subarray(this.position, this.chunkEnd));
    this.#clear();
    return bytes;
  }

  takeUndecoded(): BytesIn {
    if (this.heldHeaderBytes > 0 || this.partial.length > 0) return this.detach();
    this.throwIfFailed();
    this.checkChunk();
    const rest = this.chunk.subarray(this.position, this.chunkEnd);
    this.#clear();
    return rest;
  }

  /** Drops a chunk that is held or returned to its last byte: an idle stream must not keep it alive. */
  protected wantMore(): false {
    if (this.chunkEnd > 0) this.#release();
    return false;
  }

  next(): Bytes | undefined {
    // Cheapest check first: where bytes are missing there is no chunk, and nothing to find.
    if (this.missing > 0) return undefined;
    this.checkChunk();
    return this.advance() ? this.#take() : undefined;
  }

  /**
   * Throws when the chunk was transferred while frames in it were unread: they are lost. What a format reads of it then is nothing, of which it makes an
   * empty frame (`found` checks), a fault (`fail` does) or the beginning of a frame (`copyBytes` does); one that makes anything else checks first.
   */
  protected checkChunk(): void {
    if (this.chunk.length !== this.chunkEnd && this.position < this.chunkEnd) throw chunkIsGone(this.chunkEnd - this.position);
  }

  #take(): Bytes {
    if (this.#isCollected) return this.#takeCollected();
    const memory = this.#memory ?? this.#openMemory();
    const byteLength = this.payloadEnd - this.payloadStart;
    if (byteLength < this.#copyBelowBytes) return this.#copy(byteLength);
    // Shared memory never exceeds the bound above.
    return new Uint8Array(memory as ArrayBuffer, this.#memoryOffset + this.payloadStart, byteLength);
  }

  #copy(byteLength: number): Bytes {
    if (byteLength <= HEAP_BYTES || this.#payload === 'copy') return this.plainChunk().slice(this.payloadStart, this.payloadEnd);
    const copy = this.#openSlabs().carve(byteLength);
    copyBytes(this.chunk, this.payloadStart, this.payloadEnd, copy, 0);
    return copy;
  }

  #openSlabs(): Slabs {
    this.#slabs ??= new Slabs();
    return this.#slabs;
  }

  // Small enough (27 bytes of bytecode) that the compiler inlines it wherever it is used.
  get payloadMemory(): BytesIn {
    return this.#foundIn ?? this.#findInChunk();
  }

  #findInChunk(): BytesIn {
    this.#foundIn = this.plainChunk();
    return this.#foundIn;
  }

  /** The chunk as callers see it: `slice` of a Node buffer would not copy. */
  protected plainChunk(): BytesIn {
    const { chunk } = this;
    this.#plainChunk ??= chunk.constructor === Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    return this.#plainChunk;
  }

  /** Opens the chunk for the fast path, as nothing of a frame is held; false when it was open. */
  protected openChunk(): boolean {
    if (this.readableEnd === this.chunkEnd) return false;
    this.readableEnd = this.chunkEnd;
    return true;
  }

  /** `chunk[start, end)` by itself, as a payload that lies there would be returned. */
  protected part(start: number, end: number): Bytes {
    this.checkChunk();
    this.payloadStart = start;
    this.payloadEnd = end;
    return this.#take();
  }

  /** The payload is `chunk[start, end)`; `position` is already after it. */
  protected found(start: number, end: number): true {
    // A length that is read from a chunk that is gone is 0.
    if (start === end && end > this.chunk.length) throw chunkIsGone(this.chunkEnd - start);
    if (this.#isCollected) this.#leaveCollected();
    this.#frameIndex++;
    this.payloadStart = start;
    this.payloadEnd = end;
    return true;
  }

  /** The payload is `partial`, without its last `trailingBytes`. */
  protected foundPartial(trailingBytes: number = 0): true {
    this.#frameIndex++;
    this.payloadStart = 0;
    this.payloadEnd = this.partial.length - trailingBytes;
    this.#isCollected = true;
    this.#foundIn = this.partial.bytes;
    this.partial.restart();
    return true;
  }

  #leaveCollected(): void {
    this.#isCollected = false;
    this.#foundIn = this.#plainChunk;
  }

  #takeCollected(): Bytes {
    this.#leaveCollected();
    // Once the chunk is used up, the stream may be idle: the collected memory itself is returned, and nothing is kept.
    const isGoingOn = this.position < this.chunkEnd;
    return this.partial.take(this.payloadEnd, isGoingOn && this.#payload !== 'copy' ? this.#openSlabs() : undefined);
  }

  /** Slow paths call this first, so that fast ones need not: after a failure the chunk is empty. */
  protected throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends decoding with an error about the current frame. */
  protected fail(code: FrameErrorCode, message: string, details: FrameErrorDetails = {}): FrameError {
    this.checkChunk();
    const header = this.heldHeader();
    const unread = this.chunk.subarray(this.position, this.chunkEnd);
    const heldBytes = header.length + this.partial.length;
    const offset = details.offset ?? this.#chunkStreamOffset + this.position - heldBytes;
    const frameIndex = this.#frameIndex;
    const first = joined(header, this.partial.peek().subarray(0, HEX_WINDOW_BYTES), unread.subarray(0, HEX_WINDOW_BYTES));
    const hex = hexWindow(first);
    const hint = HINTED_CODES.has(code) ? protocolHint(first) : undefined;
    const where = `frame ${frameIndex} at byte ${offset}, which starts with ${hex}${hint === undefined ? '' : ` and ${hint}`}`;
    this.#failure = new FrameError(code, `${message} (${where})`, { ...details, offset, frameIndex, hex });
    this.#clear();
    return this.#failure;
  }

  /** Ends decoding because a function of the program threw for the current frame; an error of {@link fail} is kept. */
  protected failBecause(thrown: unknown, what: string): FrameError {
    if (this.#failure !== undefined && thrown === this.#failure) return this.#failure;
    const error = this.fail(codeOfThrown(thrown), `${what} threw ${thrownText(thrown)}`);
    error.cause = thrown;
    return error;
  }

  #use(chunk: BytesIn): void {
    const { constructor } = chunk;
    const isUsual = constructor === Uint8Array || (constructor as unknown) === platformBuffer;
    this.chunk = isUsual ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    this.chunkEnd = chunk.length;
    this.readableEnd = 0;
    this.#memory = undefined;
    this.#plainChunk = undefined;
    this.#foundIn = undefined;
  }

  #openMemory(): ArrayBufferLike {
    const { chunk } = this;
    const memory = chunk.buffer;
    this.#memory = memory;
    this.#memoryOffset = chunk.byteOffset;
    this.#copyBelowBytes = copyBound(this.#payload, chunk, this.#backlog !== undefined);
    return memory;
  }

  // The caller pushed again before taking every frame. The unread and the new bytes go to one owned buffer, which
  // is filled in place while it has room: linear in total, and no chunk of the caller is kept.
  #pushBehindUnread(chunk: BytesIn): void {
    this.checkChunk();
    const unreadBytes = this.chunkEnd - this.position;
    const end = this.chunkEnd + chunk.length;
    if (this.#backlog !== undefined && end <= this.#backlog.length) {
      this.#backlog.set(chunk, this.chunkEnd);
      this.#use(this.#backlog.subarray(0, end));
      return;
    }
    const backlog = new Uint8Array((unreadBytes + chunk.length) * 2);
    backlog.set(this.chunk.subarray(this.position, this.chunkEnd));
    backlog.set(chunk, unreadBytes);
    this.#chunkStreamOffset += this.position;
    this.#backlog = backlog;
    this.#use(backlog.subarray(0, unreadBytes + chunk.length));
    this.position = 0;
  }

  #release(): void {
    this.#chunkStreamOffset += this.chunkEnd;
    this.chunk = EMPTY;
    this.position = 0;
    this.chunkEnd = 0;
    this.readableEnd = 0;
    this.#memory = undefined;
    this.#plainChunk = undefined;
    this.#foundIn = undefined;
    this.#isCollected = false;
    this.#backlog = undefined;
    this.#relax();
  }

  /** Between frames nothing is kept: the stream may be idle from here on. */
  #relax(): void {
    this.partial.relax();
    if (this.#slabs !== undefined && this.partial.length === 0 && this.heldHeaderBytes === 0) this.#slabs = undefined;
  }

  #clear(): void {
    this.#release();
    this.partial.clear();
    this.#slabs = undefined;
    this.sink = this.partial;
    this.missing = 0;
    this.reset();
  }
}
