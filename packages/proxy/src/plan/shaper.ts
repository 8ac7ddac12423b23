import { joinCutters } from './batch.ts';
import { Coalescer } from './coalescer.ts';
import { FrameHolder } from './frame-holder.ts';
import type { Direction } from '../direction.ts';
import type { Batch, Cutter } from './batch.ts';
import type { StreamPlan } from './stream-plan.ts';
import type { FrameSpan } from '@socklab/probe';

/** Longest time that bytes are held for more to arrive, in milliseconds: a peer that waits for an answer must not wait forever. */
export const MAX_HOLD_MS = 100;

/** Options of {@link Shaper}. */
export interface ShaperOptions {
  readonly plan: StreamPlan;
  readonly framing: string | undefined;
  /** Direction of the stream. */
  readonly direction: Direction;
  /** Called when the bytes do not fit the framing; from then on they pass unchanged. */
  readonly lost: (error: Error) => void;
  /** Whether to track frames even if the plan does not need them. */
  readonly followsFrames: boolean;
  readonly seed: number;
}

const NO_FRAMES: readonly FrameSpan[] = [];

/** Turns the reads of one direction of one connection into batches. Has no clock and no socket. */
export class Shaper {
  readonly cutter: Cutter;
  /** Longest time that bytes are held, in milliseconds. */
  readonly holdMs: number;
  readonly #coalescer: Coalescer | undefined;
  readonly #frames: FrameHolder | undefined;
  #at: number;

  /** @param before - The previous shaper of the stream, which holds no bytes; this one continues at its offset. */
  constructor({ plan, framing, direction, lost, followsFrames, seed }: ShaperOptions, before?: Shaper) {
    this.#at = before === undefined ? 0 : before.#at;
    this.cutter = joinCutters(plan.createCutters(seed));
    this.#coalescer = plan.coalesce === undefined ? undefined : new Coalescer(plan.coalesce);
    const earlier = before === undefined ? undefined : before.#frames;
    this.#frames =
      framing !== undefined && (plan.needsFrames || followsFrames) ? (earlier ?? new FrameHolder(framing, direction, lost)) : undefined;
    if (this.#frames !== undefined) this.#frames.isGluing = plan.isGluing;
    this.holdMs = plan.coalesce?.kind === 'time' ? plan.coalesce.ms : MAX_HOLD_MS;
  }

  get heldBytes(): number {
    return (this.#coalescer?.heldBytes ?? 0) + (this.#frames?.heldBytes ?? 0);
  }

  /** Whether frames have been tracked since the first byte of the stream. */
  get hasFrames(): boolean {
    return this.#frames !== undefined && !this.#frames.isLost;
  }

  /** Adds a read. @returns the batch to send now; it shares the memory of the read if nothing was held. */
  push(memory: Buffer, byteLength: number): Batch | undefined {
    if (this.#coalescer === undefined) return this.#framed(memory, byteLength);
    const joined = this.#coalescer.push(memory, byteLength);
    return joined === undefined ? undefined : this.#framed(joined, joined.length);
  }

  /** Releases all held bytes. */
  flush(): Batch | undefined {
    const joined = this.#coalescer?.flush();
    if (this.#frames === undefined) return joined === undefined ? undefined : this.#batch(joined, joined.length, NO_FRAMES);
    // Bytes after a frame that is sent now are released too.
    const first = joined === undefined ? undefined : this.#frames.push(joined, joined.length);
    const rest = this.#frames.flush();
    const parts = [first, rest].flatMap((part) => part ?? []);
    if (parts.length === 0) return undefined;
    const firstBytes = first?.bytes.length ?? 0;
    const bytes = Buffer.concat(parts.map((part) => part.bytes));
    const frames = [...(first?.frames ?? []), ...(rest?.frames ?? []).map((span) => shifted(span, firstBytes))];
    return this.#batch(bytes, bytes.length, frames);
  }

  #framed(memory: Buffer, byteLength: number): Batch | undefined {
    if (this.#frames === undefined) return this.#batch(memory, byteLength, NO_FRAMES);
    const framed = this.#frames.push(memory, byteLength);
    return framed === undefined ? undefined : this.#batch(framed.bytes, framed.bytes.length, framed.frames);
  }

  #batch(memory: Buffer, byteLength: number, frames: readonly FrameSpan[]): Batch {
    const batch = { memory, byteLength, frames, at: this.#at };
    this.#at += byteLength;
    this.cutter.begin?.(batch);
    return batch;
  }
}

function shifted(span: FrameSpan, by: number): FrameSpan {
  return {
    ...span,
    start: span.start + by,
    end: span.end + by,
    payloadStart: span.payloadStart + by,
    payloadEnd: span.payloadEnd + by,
    ...(span.length === undefined ? {} : { length: { start: span.length.start + by, end: span.length.end + by } }),
  };
}
