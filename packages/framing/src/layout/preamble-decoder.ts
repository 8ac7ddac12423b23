import { checkBytes } from '../check-bytes.ts';
import { handOver } from '../decoding/hand-over.ts';
import { Scratch } from '../decoding/scratch.ts';
import { FrameError } from '../errors.ts';
import { toHex } from '../hex.ts';
import { MAX_STEP_BYTES } from './preamble-steps.ts';
import type { ByteDecoder, Bytes, BytesIn } from '../codec.ts';
import type { CheckedStep } from './preamble-steps.ts';

/** The state of the decoder: in a step of the preamble, in the frames, or in bytes of another protocol. */
type Phase = 'preamble' | 'frames' | 'ended';

/**
 * Reads what one side sends: the steps of a preamble, each returned as one frame with all of its bytes, then the frames. The bytes
 * of a step are held until it is complete, at most 64 KiB of those before its last part and as many of that.
 *
 * ```
 * preamble --step--> preamble --no step is left, or the next byte begins none--> frames
 *     '--a step that ends the protocol--> ended: the next byte is an error
 * ```
 */
export class PreambleDecoder implements ByteDecoder {
  readonly #steps: readonly CheckedStep[];
  readonly #frames: ByteDecoder;
  readonly #held = new Scratch();
  #phase: Phase = 'preamble';
  #step = 0;
  /** The current part of the step, which begins where the one before it ended. */
  #part = 0;
  #partStart = 0;
  /** Finds the end of the current part, when a codec does; it was given the held bytes up to `#fed`. */
  #unit: ByteDecoder | undefined;
  #fed = 0;
  /** The last returned payload, when it was a step. */
  #found: Bytes | undefined;
  #consumedBytes = 0;
  #foundSteps = 0;
  #failure: FrameError | undefined;

  constructor(steps: readonly CheckedStep[], frames: ByteDecoder) {
    this.#steps = steps;
    this.#frames = frames;
  }

  /** Whether the last found payload belongs to the preamble. */
  get isPreamble(): boolean {
    return this.#found !== undefined;
  }

  get bufferedBytes(): number {
    return this.#held.length + this.#frames.bufferedBytes;
  }

  get skippedBytes(): number {
    return this.#frames.skippedBytes ?? 0;
  }

  get neededBytes(): number | undefined {
    if (this.#phase === 'frames') return this.#frames.neededBytes;
    // A single byte may show that the preamble is over.
    return this.#unit?.neededBytes ?? 1;
  }

  get payloadMemory(): BytesIn {
    return this.#found ?? this.#frames.payloadMemory;
  }

  get payloadStart(): number {
    return this.#found === undefined ? this.#frames.payloadStart : 0;
  }

  get payloadEnd(): number {
    return this.#found?.length ?? this.#frames.payloadEnd;
  }

  push(chunk: BytesIn): void {
    checkBytes(chunk, 'a chunk');
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#phase === 'frames') this.#frames.push(chunk);
    else this.#held.append(chunk);
  }

  advance(): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    this.#found = undefined;
    try {
      while (this.#phase === 'preamble' && this.#held.length > 0) {
        const end = this.#endOfStep();
        if (end < 0) return false;
        if (end > 0) return this.#take(end);
      }
      return this.#phase === 'frames' ? this.#frames.advance() : this.#wantNothing();
    } catch (error) {
      if (error instanceof FrameError) throw this.#fail(error);
      throw error;
    }
  }

  next(): Bytes | undefined {
    if (!this.advance()) return undefined;
    return this.#found ?? new Uint8Array(this.#frames.payloadMemory.subarray(this.#frames.payloadStart, this.#frames.payloadEnd));
  }

  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#held.length > 0) {
      const { name } = this.#steps[this.#step] ?? { name: 'the preamble' };
      throw this.#fail(new FrameError('FRAME_ERR_TRUNCATED', `stream ended inside ${name}: ${this.#held.length} bytes of it arrived`));
    }
    this.#frames.end();
  }

  detach(): Bytes {
    if (this.#failure !== undefined) throw this.#failure;
    const rest = this.#frames.detach();
    const bytes = new Uint8Array(this.#held.length + rest.length);
    bytes.set(this.#held.bytes());
    bytes.set(rest, this.#held.length);
    this.#held.drop(this.#held.length);
    this.#leave('frames');
    return bytes;
  }

  takeUndecoded(): BytesIn {
    return this.#failure !== undefined || this.#held.length > 0 ? this.detach() : handOver(this.#frames);
  }

  /** Where the current step ends in the held bytes; 0 when it is skipped, −1 when more bytes are needed. */
  #endOfStep(): number {
    const step = this.#steps[this.#step];
    if (step === undefined) {
      this.#leave('frames');
      return 0;
    }
    const begun = this.#part === 0 && this.#unit === undefined ? beginningOf(step, this.#held.bytes()) : 0;
    if (begun === undefined) return -1;
    if (begun < 0) {
      if (step.times === 'once') throw this.#otherBeginning(step);
      this.#step++;
      return 0;
    }
    return step.parts.length === 0 ? begun : this.#endOfParts(step);
  }

  #endOfParts({ name, parts }: CheckedStep): number {
    for (; this.#part < parts.length; this.#part++) {
      const part = parts[this.#part]!;
      const end = typeof part === 'number' ? this.#endOfBytes(part) : this.#endOfUnit((this.#unit ??= part.createDecoder()));
      if (end < 0) return -1;
      if (this.#part > 0 && end > MAX_STEP_BYTES)
        throw new FrameError('FRAME_ERR_TOO_LARGE', `${name} of ${end} bytes, limit ${MAX_STEP_BYTES}`);
      this.#unit = undefined;
      this.#partStart = end;
      this.#fed = end;
    }
    return this.#partStart;
  }

  #endOfBytes(byteLength: number): number {
    const end = this.#partStart + byteLength;
    return this.#held.length < end ? -1 : end;
  }

  // The decoder never gets more than its next step needs, so that a frame ends exactly where it was found.
  #endOfUnit(unit: ByteDecoder): number {
    const bytes = this.#held.bytes();
    while (this.#fed < bytes.length) {
      const end = Math.min(this.#fed + (unit.neededBytes ?? 1), bytes.length);
      unit.push(bytes.subarray(this.#fed, end));
      this.#fed = end;
      if (unit.advance()) return end;
    }
    return -1;
  }

  #take(byteLength: number): true {
    const { times, ends } = this.#steps[this.#step]!;
    this.#found = this.#held.bytes().slice(0, byteLength);
    this.#held.drop(byteLength);
    this.#consumedBytes += byteLength;
    this.#foundSteps++;
    this.#begin();
    if (times !== 'any') this.#step++;
    if (ends) this.#leave('ended');
    return true;
  }

  /** What comes is the first part of a step. */
  #begin(): void {
    this.#part = 0;
    this.#partStart = 0;
    this.#unit = undefined;
    this.#fed = 0;
  }

  #leave(phase: Phase): void {
    this.#phase = phase;
    this.#begin();
    if (phase !== 'frames' || this.#held.length === 0) return;
    this.#frames.push(this.#held.bytes().slice());
    this.#held.drop(this.#held.length);
  }

  #wantNothing(): false {
    if (this.#phase !== 'ended' || this.#held.length === 0) return false;
    throw new FrameError('FRAME_ERR_BAD_MAGIC', 'what follows is another protocol, as negotiated');
  }

  #otherBeginning({ name, beginnings }: CheckedStep): FrameError {
    const allowed = beginnings.map(toHex).join(' or ');
    const seen = toHex(this.#held.bytes().subarray(0, 16));
    return new FrameError('FRAME_ERR_BAD_MAGIC', `${name} begins with ${allowed}, received ${seen}`);
  }

  /** An error with an offset from the start of the stream. */
  #fail(error: FrameError): FrameError {
    const { code, declared, limit, hex } = error;
    const offset = this.#consumedBytes + (this.#phase === 'frames' ? error.offset : 0);
    const where = this.#consumedBytes === 0 ? '' : `, after a preamble of ${this.#consumedBytes} bytes`;
    this.#failure = new FrameError(code, `${error.message}${where}`, {
      offset,
      frameIndex: this.#foundSteps + error.frameIndex,
      ...(declared !== undefined && { declared }),
      ...(limit !== undefined && { limit }),
      hex,
    });
    this.#failure.cause = error;
    return this.#failure;
  }
}

/** Length of the beginning that `bytes` start with; −1 when they start with none, `undefined` while undecided. */
function beginningOf({ beginnings }: CheckedStep, bytes: BytesIn): number | undefined {
  if (beginnings.length === 0) return 0;
  let isOpen = false;
  for (const beginning of beginnings) {
    const count = Math.min(beginning.length, bytes.length);
    if (!beginning.subarray(0, count).every((byte, at) => byte === bytes[at])) continue;
    if (count === beginning.length) return count;
    isOpen = true;
  }
  return isOpen ? undefined : -1;
}
