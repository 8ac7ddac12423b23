import { joinCutters } from './batch.ts';
import { Coalescer } from './coalescer.ts';
import { FrameHolder } from './frame-holder.ts';
import type { Direction } from '../direction.ts';
import type { Batch, Cutter } from './batch.ts';
import type { StreamPlan } from './stream-plan.ts';
import type { FrameSpan } from '@socklab/probe';

/** How long bytes are held at most that wait for more, in milliseconds: who waits for an answer to them must not wait for ever. */
export const MAX_HOLD_MS = 100;

/** Options of {@link Shaper}. */
export interface ShaperOptions {
  readonly plan: StreamPlan;
  readonly framing: string | undefined;
  /** Which side sends the stream. */
  readonly direction: Direction;
  /** Told when the bytes are not of the framing, and pass as they come from then on. */
  readonly lost: (error: Error) => void;
  /** Whether frames are followed even where the plan does not need them. */
  readonly followsFrames: boolean;
  readonly seed: number;
}

const NO_FRAMES: readonly FrameSpan[] = [];

/** Makes batches of the reads of one direction of one connection. It has no clock and no socket. */
export class Shaper {
  readonly cutter: Cutter;
  /** Bytes that are held wait for so long at most, in milliseconds. */
  readonly holdMs: number;
  readonly #coalescer: Coalescer | undefined;
  readonly #frames: FrameHolder | undefined;
  #at: number;

  /** @param before - What shaped the stream so far, and holds nothing: this one goes on where it was. */
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

  /** Whether frames are known since the first byte of the stream. */
  get hasFrames(): boolean {
    return this.#frames !== undefined && !this.#frames.isLost;
  }

  /** Takes a read. @returns what leaves now: a batch over memory of the read itself, where nothing was held. */
  push(memory: Buffer, byteLength: number): Batch | undefined {
    if (this.#coalescer === undefined) return this.#framed(memory, byteLength);
    const joined = this.#coalescer.push(memory, byteLength);
    return joined === undefined ? undefined : this.#framed(joined, joined.length);
  }

  /** Everything that is held. */
  flush(): Batch | undefined {
    const joined = this.#coalescer?.flush();
    if (this.#frames === undefined) return joined === undefined ? undefined : this.#batch(joined, joined.length, NO_FRAMES);
    // What follows a frame that leaves now is held no longer either.
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
