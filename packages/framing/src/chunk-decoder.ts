import { Accumulator } from './accumulator.ts';
import { FrameError } from './errors.ts';
import { protocolHint } from './hint.ts';
import { HEX_WINDOW_BYTES, MAX_PINNED_RATIO } from './limits.ts';
import { carve, carveClose, HEAP_BYTES } from './slab.ts';
import type { ByteDecoder, Bytes, BytesIn, DecoderOptions } from './codec.ts';
import type { FrameErrorCode, FrameErrorDetails } from './errors.ts';

const EMPTY: Bytes = new Uint8Array(0);

/** Chunks up to this long, in bytes, are copied. */
const TINY_BYTES = 16;

/** Errors that a peer of another protocol causes. */
const HINTED_CODES: ReadonlySet<FrameErrorCode> = new Set(['FRAME_ERR_TOO_LARGE', 'FRAME_ERR_MALFORMED_LENGTH', 'FRAME_ERR_BAD_MAGIC']);

/**
 * What the decoders of all formats share: the chunk under way, the frame that crosses chunks, the memory rule, errors.
 *
 * A format adds `advance()`. It reads `chunk[position, chunkEnd)`, moves `position` past what it consumed, and either
 * tells where the next payload lies (`found`, `foundPartial`) or moves the beginning of an incomplete frame into owned memory
 * (`partial`, `heldHeader`) and returns `wantMore()`. It moves `position` past bytes only once they are held or
 * found, so that errors and `detach` can show them.
 */
export abstract class ChunkDecoder implements ByteDecoder {
  /** The bytes under way, always a plain `Uint8Array`: one shape keeps the read sites fast. */
  protected chunk: BytesIn = EMPTY;
  protected position = 0;
  protected chunkEnd = 0;
  /** Payload bytes that earlier chunks brought. */
  protected readonly partial: Accumulator;
  /** Bytes that `partial` is still to get, whatever they are: a chunk of fewer goes there straight away. */
  protected missing = 0;
  protected readonly maxPayloadBytes: number;

  readonly #payload: 'auto' | 'view' | 'copy';
  // Cached once per chunk: the getters cost as much as the rest of a small frame.
  #memory: ArrayBufferLike = EMPTY.buffer;
  #memoryOffset = 0;
  #copyBelowBytes = 0;
  #backlog: Bytes | undefined;
  /** Memory for tiny chunks, by their length. */
  readonly #tiny: (Bytes | undefined)[] = [];
  #chunkStreamOffset = 0;
  #frameIndex = 0;
  /** Where `advance` found the payload: in the chunk, or in memory that was collected from several. */
  #start = 0;
  #end = 0;
  #isCollected = false;
  #failure: FrameError | undefined;

  constructor(maxPayloadBytes: number, { payload = 'auto' }: DecoderOptions = {}) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.#payload = payload;
    this.partial = new Accumulator(payload === 'copy' ? undefined : payload === 'view' ? carve : carveClose);
  }

  abstract advance(): boolean;
  abstract get neededBytes(): number | undefined;

  /** Header bytes of the frame under way that are no longer in the chunk. */
  protected heldHeader(): Bytes {
    return EMPTY;
  }

  /** Forgets the held header. */
  protected reset(): void {}

  get bufferedBytes(): number {
    return this.heldHeader().length + this.partial.length + (this.chunkEnd - this.position);
  }

  push(chunk: BytesIn): void {
    const { length } = chunk;
    // While bytes are missing nothing is unread, and nothing has failed.
    if (length < this.missing) {
      this.partial.appendAll(chunk, this.partial.length + this.missing);
      this.missing -= length;
      this.#chunkStreamOffset += length;
      return;
    }
    this.throwIfFailed();
    if (length === 0) return;
    this.missing = 0;
    if (this.position < this.chunkEnd) {
      this.#pushBehindUnread(chunk);
      return;
    }
    this.#chunkStreamOffset += this.chunkEnd;
    this.#backlog = undefined;
    if (length <= TINY_BYTES) this.#useTiny(chunk);
    else this.#use(new Uint8Array(chunk.buffer, chunk.byteOffset, length));
    this.position = 0;
  }

  end(): void {
    this.throwIfFailed();
    const bufferedBytes = this.bufferedBytes;
    if (bufferedBytes === 0) return;
    const needed = this.neededBytes === undefined ? '' : `, at least ${this.neededBytes} more needed`;
    throw this.fail('FRAME_ERR_TRUNCATED', `stream ended inside a frame: ${bufferedBytes} bytes of it arrived${needed}`);
  }

  detach(): Bytes {
    this.throwIfFailed();
    const bytes = concat(this.heldHeader(), this.partial.peek(), this.chunk.subarray(this.position, this.chunkEnd));
    this.#clear();
    return bytes;
  }

  /** Lets go of a chunk that is held or handed out to its last byte: an idle stream must not keep its last chunk alive. */
  protected wantMore(): false {
    if (this.chunkEnd > 0) this.#release();
    return false;
  }

  next(): Bytes | undefined {
    if (!this.advance()) return undefined;
    if (this.#isCollected) return this.#takeCollected();
    const byteLength = this.#end - this.#start;
    if (byteLength < this.#copyBelowBytes) return this.#copy();
    // Shared memory is always below the bound above, so this view is never over it.
    return new Uint8Array(this.#memory as ArrayBuffer, this.#memoryOffset + this.#start, byteLength);
  }

  #copy(): Bytes {
    const byteLength = this.#end - this.#start;
    if (byteLength <= HEAP_BYTES || this.#payload === 'copy') return this.chunk.slice(this.#start, this.#end);
    const copy = carveClose(byteLength);
    copy.set(this.chunk.subarray(this.#start, this.#end));
    return copy;
  }

  get payloadMemory(): BytesIn {
    return this.#isCollected ? this.partial.bytes : this.chunk;
  }

  get payloadStart(): number {
    return this.#start;
  }

  get payloadEnd(): number {
    return this.#end;
  }

  /** The payload is `chunk[start, end)`, which `position` has been moved past. */
  protected found(start: number, end: number): true {
    this.#frameIndex++;
    this.#start = start;
    this.#end = end;
    this.#isCollected = false;
    return true;
  }

  /** The payload is `partial`, without its last `trailingBytes`. */
  protected foundPartial(trailingBytes: number = 0): true {
    this.#frameIndex++;
    this.#start = 0;
    this.#end = this.partial.length - trailingBytes;
    this.#isCollected = true;
    this.partial.restart();
    return true;
  }

  #takeCollected(): Bytes {
    this.#isCollected = false;
    return this.partial.take(this.#end);
  }

  /** The slow paths call this first, so that the fast ones need not: after a failure the chunk is empty. */
  protected throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends decoding with an error about the frame under way. */
  protected fail(code: FrameErrorCode, message: string, details: FrameErrorDetails = {}): FrameError {
    const header = this.heldHeader();
    const unread = this.chunk.subarray(this.position, this.chunkEnd);
    const heldBytes = header.length + this.partial.length;
    const offset = this.#chunkStreamOffset + this.position - heldBytes;
    const frameIndex = this.#frameIndex;
    const first = concat(header, this.partial.peek().subarray(0, HEX_WINDOW_BYTES), unread.subarray(0, HEX_WINDOW_BYTES));
    const hex = toHex(first);
    const hint = HINTED_CODES.has(code) ? protocolHint(first) : undefined;
    const where = `frame ${frameIndex} at byte ${offset}, which starts with ${hex}${hint === undefined ? '' : ` and ${hint}`}`;
    this.#failure = new FrameError(code, `${message} (${where})`, { ...details, offset, frameIndex, hex });
    this.#clear();
    return this.#failure;
  }

  #use(chunk: BytesIn): void {
    this.chunk = chunk;
    this.chunkEnd = chunk.length;
    this.#memory = chunk.buffer;
    this.#memoryOffset = chunk.byteOffset;
    this.#copyBelowBytes = this.#copyBound(chunk.buffer);
  }

  // A few bytes are copied quicker than wrapped. What is found in them is copied once more: they are overwritten.
  #useTiny(chunk: BytesIn): void {
    const { length } = chunk;
    const tiny = (this.#tiny[length] ??= new Uint8Array(length));
    for (let at = 0; at < length; at++) tiny[at] = chunk[at]!;
    this.chunk = tiny;
    this.chunkEnd = length;
    this.#copyBelowBytes = Number.POSITIVE_INFINITY;
  }

  #copyBound(memory: ArrayBufferLike): number {
    if (this.#payload === 'copy' || !(memory instanceof ArrayBuffer)) return Number.POSITIVE_INFINITY;
    return this.#payload === 'view' ? 0 : memory.byteLength / MAX_PINNED_RATIO;
  }

  // The caller pushed again before taking every frame. The unread bytes and the new ones go to one owned buffer, which
  // is filled up in place while it has room: linear in total, and no chunk of the caller is kept.
  #pushBehindUnread(chunk: BytesIn): void {
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
    this.#memory = EMPTY.buffer;
    this.#isCollected = false;
    this.#backlog = undefined;
    this.partial.relax();
  }

  #clear(): void {
    this.#release();
    this.partial.take();
    this.missing = 0;
    this.reset();
  }
}

function concat(...parts: readonly BytesIn[]): Bytes {
  const whole = new Uint8Array(parts.reduce((byteLength, part) => byteLength + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function toHex(bytes: Bytes): string {
  return Array.from(bytes.subarray(0, HEX_WINDOW_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
