import { setTimeout as delay } from 'node:timers/promises';
import { TriggerWatch } from './triggers/trigger-watch.ts';
import type { FlowContext } from './flow-context.ts';
import type { Batch, Cutter } from './plan/batch.ts';
import type { PieceWriter } from './shaping/piece-writer.ts';
import type { Happening } from './triggers/trigger-watch.ts';
import type { Trigger } from './triggers/trigger.ts';

/** Actions of triggers on their direction. */
export interface Triggered {
  /** Ends the direction at this byte. */
  finish(): void;
  /** Limits the rate from this byte on. */
  slowDown(bytesPerSecond: number): void;
  /** Whether the direction continues afterwards. */
  goesOn(): boolean;
}

const NO_HAPPENINGS: readonly Happening[] = [];

/** Writes the batches of one direction and executes its triggers at their offsets. */
export class Delivery {
  readonly #context: FlowContext;
  readonly #watch: TriggerWatch;
  readonly #writer: PieceWriter;
  readonly #triggered: Triggered;

  constructor(context: FlowContext, writer: PieceWriter, triggered: Triggered) {
    this.#context = context;
    this.#watch = new TriggerWatch(context.triggers);
    this.#writer = writer;
    this.#triggered = triggered;
  }

  /** Finds the triggers of the next batch. Call once per batch. */
  look(batch: Batch): readonly Happening[] {
    return this.#watch.isDone ? NO_HAPPENINGS : this.#watch.look(batch);
  }

  /** Writes from an offset on; resolves when the kernel accepted all bytes or a trigger ended the direction. */
  async deliver(batch: Batch, cutter: Cutter, from: number, happenings: readonly Happening[]): Promise<void> {
    let at = from;
    for (const { place, trigger } of happenings) {
      await this.#writer.write(batch, cutter, at, place);
      at = Math.max(at, place);
      await this.#act(trigger);
      if (!this.#triggered.goesOn()) return;
    }
    await this.#writer.write(batch, cutter, at, batch.byteLength);
  }

  async #act(trigger: Trigger): Promise<void> {
    const { signal, reset, happened, direction } = this.#context;
    const { action } = trigger;
    happened(trigger, direction);
    if (action.kind === 'stall') await delay(action.ms, undefined, { signal });
    else if (action.kind === 'rst') reset();
    else if (action.kind === 'slow') this.#triggered.slowDown(action.bytesPerSecond);
    else this.#triggered.finish();
  }
}
