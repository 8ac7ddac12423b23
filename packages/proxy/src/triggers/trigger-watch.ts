import { middleOf } from '../plan/frame-cutters.ts';
import type { Batch } from '../plan/batch.ts';
import type { Action, Trigger } from './trigger.ts';

/** An action due inside a batch. */
export interface Happening {
  /** Offset in the batch, in bytes. */
  readonly place: number;
  readonly trigger: Trigger;
}

/** Bytes of earlier batches that are searched again, for matches across the end of a batch. */
const LOOK_BACK_BYTES = 4096;

interface Armed {
  readonly trigger: Trigger;
  /** Offset in the stream at which it is due, once known. */
  dueAt: number | undefined;
}

/** Finds the triggers of one direction of one connection. Each fires once. */
export class TriggerWatch {
  #armed: Armed[];
  #frames = 0;
  #past = '';

  constructor(triggers: readonly Trigger[]) {
    this.#armed = triggers.map((trigger) => ({ trigger, dueAt: undefined }));
  }

  /** Whether all triggers have fired. */
  get isDone(): boolean {
    return this.#armed.length === 0;
  }

  /** Triggers that fire in the batch, in order. Call once per batch. */
  look(batch: Batch): readonly Happening[] {
    const { at, byteLength, frames } = batch;
    const text = this.#armed.some(({ trigger }) => trigger.condition.kind === 'match')
      ? this.#past + batch.memory.toString('latin1', 0, byteLength)
      : '';
    const happenings: Happening[] = [];
    for (const armed of this.#armed) {
      armed.dueAt ??= this.#dueAt(armed.trigger, batch, text);
      if (armed.dueAt !== undefined && armed.dueAt <= at + byteLength) {
        happenings.push({ place: Math.max(0, armed.dueAt - at), trigger: armed.trigger });
      }
    }
    this.#armed = this.#armed.filter(({ trigger }) => happenings.every((happening) => happening.trigger !== trigger));
    this.#frames += frames.length;
    this.#past = text.slice(-LOOK_BACK_BYTES);
    return happenings.toSorted((one, other) => one.place - other.place);
  }

  #dueAt({ condition, action }: Trigger, { at, frames }: Batch, text: string): number | undefined {
    if (condition.kind === 'bytes') return condition.count;
    if (condition.kind === 'match') return matchAt(condition.expression, text, at - this.#past.length, action);
    const frame = frames[condition.nth - this.#frames - 1];
    return frame === undefined ? undefined : at + (isInside(action) ? middleOf(frame) : frame.end);
  }
}

function matchAt(expression: RegExp, text: string, textAt: number, action: Action): number | undefined {
  // A match at the start of bytes searched again was reported before; `^` matches only at the start of the stream.
  expression.lastIndex = textAt > 0 ? 1 : 0;
  const match = expression.exec(text);
  if (match === null) return undefined;
  const byteLength = match[0].length;
  return textAt + match.index + (isInside(action) ? Math.floor(byteLength / 2) : byteLength);
}

function isInside({ kind }: Action): boolean {
  return kind === 'truncate';
}
