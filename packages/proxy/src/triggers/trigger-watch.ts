import { middleOf } from '../plan/frame-cutters.ts';
import type { Batch } from '../plan/batch.ts';
import type { Action, Trigger } from './trigger.ts';

/** Something that is to be done in the middle of a batch. */
export interface Happening {
  /** After so many bytes of the batch. */
  readonly place: number;
  readonly trigger: Trigger;
}

/** Bytes that have passed and are looked at again, for a match that reaches over the end of a batch. */
const LOOK_BACK_BYTES = 4096;

interface Armed {
  readonly trigger: Trigger;
  /** Where in the stream it is due, once that is known. */
  dueAt: number | undefined;
}

/** Looks for triggers in one direction of one connection. Each happens once. */
export class TriggerWatch {
  #armed: Armed[];
  #frames = 0;
  #past = '';

  constructor(triggers: readonly Trigger[]) {
    this.#armed = triggers.map((trigger) => ({ trigger, dueAt: undefined }));
  }

  /** Whether nothing more can happen. */
  get isDone(): boolean {
    return this.#armed.length === 0;
  }

  /** What happens in the batch, from its front to its back. Each batch is looked at once. */
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
  // What begins at the front of what is looked at again was seen before; and to `^` only the front of the stream is one.
  expression.lastIndex = textAt > 0 ? 1 : 0;
  const match = expression.exec(text);
  if (match === null) return undefined;
  const byteLength = match[0].length;
  return textAt + match.index + (isInside(action) ? Math.floor(byteLength / 2) : byteLength);
}

function isInside({ kind }: Action): boolean {
  return kind === 'truncate';
}
