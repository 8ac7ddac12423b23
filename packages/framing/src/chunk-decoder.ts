import { Accumulator } from './accumulator.ts';
import { FrameError } from './errors.ts';
import { HEX_WINDOW_BYTES, MAX_PINNED_RATIO } from './limits.ts';
import type { ByteDecoder, Bytes, BytesIn, DecoderOptions } from './codec.ts';
import type { FrameErrorCode, FrameErrorDetails } from './errors.ts';

const EMPTY: Bytes = new Uint8Array(0);

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
  protected readonly partial: Accumulator = new Accumulator();
  protected readonly maxPayloadBytes: number;

  readonly #payload: 'auto' | 'view' | 'copy';
  // Cached once per chunk: the getters cost as much as the rest of a small frame.
  #memory: ArrayBufferLike = EMPTY.buffer;
  #memoryOffset = 0;
  #copyBelowBytes = 0;
  #backlog: Bytes | undefined;
  #chunkStreamOffset = 0;
  #frameIndex = 0;
  /** Where `advance` found the payload: in the chunk, or in memory that was collected from several. */
  #start = 0;
  #end = 0;
  #collected: Bytes | undefined;
  #failure: FrameError | undefined;

  constructor(maxPayloadBytes: number, { payload = 'auto' }: DecoderOptions = {}) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.#payload = payload;
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
    this.throwIfFailed();
    if (chunk.length === 0) return;
    if (this.position < this.chunkEnd) {
      this.#pushBehindUnread(chunk);
      return;
    }
    this.#chunkStreamOffset += this.chunkEnd;
    this.#backlog = undefined;
    this.#use(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
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
    this.#release();
    return false;
  }

  next(): Bytes | undefined {
    if (!this.advance()) return undefined;
    if (this.#collected !== undefined) return this.#collected;
    const byteLength = this.#end - this.#start;
    if (byteLength < this.#copyBelowBytes) return this.chunk.slice(this.#start, this.#end);
    // Shared memory is always below the bound above, so this view is never over it.
    return new Uint8Array(this.#memory as ArrayBuffer, this.#memoryOffset + this.#start, byteLength);
  }

  get payloadMemory(): BytesIn {
    return this.#collected ?? this.chunk;
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
    this.#collected = undefined;
    return true;
  }

  /** The payload is `partial`, without its last `trailingBytes`. */
  protected foundPartial(trailingBytes: number = 0): true {
    const whole = this.partial.take();
    this.#frameIndex++;
    this.#collected = trailingBytes === 0 ? whole : whole.subarray(0, whole.length - trailingBytes);
    this.#start = 0;
    this.#end = this.#collected.length;
    return true;
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
    const hex = toHex(concat(header, this.partial.peek().subarray(0, HEX_WINDOW_BYTES), unread.subarray(0, HEX_WINDOW_BYTES)));
    const where = `frame ${frameIndex} at byte ${offset}, which starts with ${hex}`;
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
    this.#collected = undefined;
    this.#backlog = undefined;
  }

  #clear(): void {
    this.#release();
    this.partial.take();
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
