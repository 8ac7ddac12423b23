import { Accumulator } from '../../decoding/accumulator.ts';
import { handOver } from '../../decoding/hand-over.ts';
import { hexWindow } from '../../decoding/hex-window.ts';
import { FrameError } from '../../errors.ts';
import { measureHeader } from '../../frame/header.ts';
import { compileLayout } from '../../frame/layout.ts';
import { wholeFrames } from '../../frame/whole-frames.ts';
import { unmasked } from './fragment-types.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { FrameErrorCode } from '../../errors.ts';
import type { FrameLayout } from '../../frame/layout.ts';
import type { FrameOptions } from '../../frame/options.ts';
import type { FragmentTypes } from './fragment-types.ts';

const EMPTY: Bytes = new Uint8Array(0);

/** What frames with types are, as their decoders need it. */
export interface TypedFragments {
  /** Whole frames, each up to the limit of a payload and its header. */
  readonly frames: ByteCodec;
  readonly layout: FrameLayout;
  readonly types: FragmentTypes;
  readonly isLast: (frame: Bytes, payloadBytes: number) => boolean;
  readonly maxPayloadBytes: number;
}

/** Whole frames of which payloads of `maxPayloadBytes` can be put together. */
export function framesUpTo(options: Pick<FrameOptions, 'header' | 'counts'>, maxPayloadBytes: number): ByteCodec {
  const whole = { ...options, emit: 'frame' } as const;
  const longest = compileLayout(whole, { defaultMaxPayloadBytes: Number.MAX_SAFE_INTEGER });
  const limit = Math.min(maxPayloadBytes + longest.maxHeaderBytes, longest.maxPayloadBytes);
  return wholeFrames(compileLayout({ ...whole, maxPayloadBytes: limit }));
}

/** Puts fragments together whose frames tell what they are, and finds the control frames between them. */
export class TypedFragmentsDecoder implements ByteDecoder {
  payloadMemory: BytesIn = EMPTY;
  payloadStart = 0;
  payloadEnd = 0;
  /** Type of the last payload: of one in fragments, that of the first. */
  type = 0;
  readonly #rule: TypedFragments;
  readonly #frames: ByteDecoder;
  readonly #joined: Accumulator = new Accumulator();
  /** Of the payload whose fragments come; `undefined` between payloads. */
  #firstType: number | undefined;
  #offset = 0;
  #frameIndex = 0;
  #failure: FrameError | undefined;

  constructor(rule: TypedFragments, options?: DecoderOptions) {
    this.#rule = rule;
    this.#frames = rule.frames.createDecoder(options);
  }

  get bufferedBytes(): number {
    return this.#frames.bufferedBytes + this.#joined.length;
  }

  get neededBytes(): number | undefined {
    return this.#frames.neededBytes;
  }

  push(chunk: BytesIn): void {
    this.#throwIfFailed();
    this.#frames.push(chunk);
  }

  next(): Bytes | undefined {
    this.#throwIfFailed();
    for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) {
      const payload = this.#take(frame);
      this.#offset += frame.length;
      this.#frameIndex++;
      if (payload !== undefined) return payload;
    }
    return undefined;
  }

  advance(): boolean {
    const payload = this.next();
    this.payloadMemory = payload ?? EMPTY;
    this.payloadEnd = this.payloadMemory.length;
    return payload !== undefined;
  }

  end(): void {
    this.#throwIfFailed();
    this.#frames.end();
    if (this.#firstType === undefined) return;
    throw this.#fail('FRAME_ERR_TRUNCATED', `stream ended inside a message: ${this.#joined.length} bytes of it arrived`, EMPTY);
  }

  /** Fragments of a payload that is not whole are dropped: what is given back begins with a frame. */
  detach(): Bytes {
    this.#throwIfFailed();
    this.#joined.clear();
    this.#firstType = undefined;
    return this.#frames.detach();
  }

  takeUndecoded(): BytesIn {
    this.#throwIfFailed();
    this.#joined.clear();
    this.#firstType = undefined;
    return handOver(this.#frames);
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #take(frame: Bytes): Bytes | undefined {
    const { layout, types, isLast, maxPayloadBytes } = this.#rule;
    const headerBytes = measureHeader(layout, frame, 0, frame.length);
    const type = frame[types.at]! & types.bits;
    const isWhole = isLast(frame, frame.length - headerBytes);
    if (types.control?.includes(type) === true) return this.#takeControl(frame, headerBytes, type, isWhole);
    this.#checkOrder(frame, type);
    const total = this.#joined.length + frame.length - headerBytes;
    if (total > maxPayloadBytes) throw this.#tooLarge(total, frame);
    const payload = unmasked(layout, frame, headerBytes);
    const isFirst = this.#firstType === undefined;
    if (isFirst) this.type = type;
    if (isFirst && isWhole) return payload;
    if (isFirst) this.#firstType = type;
    this.#joined.append(payload, 0, payload.length, maxPayloadBytes);
    return isWhole ? this.#takeJoined() : undefined;
  }

  #takeJoined(): Bytes {
    this.type = this.#firstType!;
    this.#firstType = undefined;
    const payload = this.#joined.take();
    this.#joined.clear();
    return payload;
  }

  #takeControl(frame: Bytes, headerBytes: number, type: number, isWhole: boolean): Bytes | undefined {
    const { layout, types, maxPayloadBytes } = this.#rule;
    const { maxControlBytes = maxPayloadBytes, onControl = 'skip' } = types;
    if (!isWhole) throw this.#fail('FRAME_ERR_BAD_MAGIC', `a control frame in fragments, type ${type}`, frame);
    const length = frame.length - headerBytes;
    if (length > maxControlBytes)
      throw this.#fail('FRAME_ERR_MALFORMED_LENGTH', `a control frame of ${length} bytes, limit ${maxControlBytes}`, frame);
    if (onControl === 'skip') return undefined;
    this.type = type;
    return unmasked(layout, frame, headerBytes);
  }

  #checkOrder(frame: Bytes, type: number): void {
    const { first, next, control = [] } = this.#rule.types;
    const allowed = this.#firstType === undefined ? first : next;
    if (allowed.includes(type)) return;
    const where = this.#firstType === undefined ? 'where a message begins' : `inside a message of type ${this.#firstType}`;
    throw this.#fail('FRAME_ERR_BAD_MAGIC', `type ${type} ${where}; allowed: ${[...allowed, ...control].join(', ')}`, frame);
  }

  #tooLarge(declared: number, frame: Bytes): FrameError {
    const limit = this.#rule.maxPayloadBytes;
    return this.#fail('FRAME_ERR_TOO_LARGE', `message of ${declared} bytes or more, limit ${limit}`, frame, { declared, limit });
  }

  #fail(
    code: FrameErrorCode,
    what: string,
    frame: Bytes,
    details: { readonly declared?: number; readonly limit?: number } = {},
  ): FrameError {
    const [offset, frameIndex, hex] = [this.#offset, this.#frameIndex, hexWindow(frame)];
    const where = `frame ${frameIndex} at byte ${offset}${hex === '' ? '' : `, which starts with ${hex}`}`;
    this.#failure = new FrameError(code, `${what} (${where})`, { ...details, offset, frameIndex, hex });
    this.#joined.clear();
    return this.#failure;
  }
}
