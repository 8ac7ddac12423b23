import { setTimeout as delay } from 'node:timers/promises';
import { TriggerWatch } from './triggers/trigger-watch.ts';
import type { FlowContext } from './flow-context.ts';
import type { Batch, Cutter } from './plan/batch.ts';
import type { PieceWriter } from './shaping/piece-writer.ts';
import type { Happening } from './triggers/trigger-watch.ts';
import type { Trigger } from './triggers/trigger.ts';

/** What triggers do to the direction that they are in. */
export interface Triggered {
  /** Ends it here. */
  finish(): void;
  /** Keeps to this rate from here on. */
  slowDown(bytesPerSecond: number): void;
  /** Whether it goes on after that. */
  goesOn(): boolean;
}

const NO_HAPPENINGS: readonly Happening[] = [];

/** Writes the batches of one direction, and does what its triggers say, each at its place. */
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

  /** Where triggers happen in the next batch. To be asked once for each. */
  look(batch: Batch): readonly Happening[] {
    return this.#watch.isDone ? NO_HAPPENINGS : this.#watch.look(batch);
  }

  /** Writes from a place on, and resolves when all of it is taken or a trigger ended the direction. */
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
