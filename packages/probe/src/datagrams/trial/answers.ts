import { concatBytes } from '../../bytes/concat-bytes.ts';
import { namedSlots, isForeign } from '../../exchange/slots.ts';
import { applyMasks, latin1 } from '../../trial/masks.ts';
import { wasHandedOut } from './ids.ts';
import type { SlotValues } from '../../exchange/slots.ts';
import type { Mask } from '../../trial/masks.ts';
import type { Bytes } from '../../types.ts';
import type { EchoedId } from './ids.ts';

/** What a run put into its sends, and what it took from answers. */
export interface RunValues {
  readonly slots: SlotValues;
  /** The ids that each send had on this socket. */
  readonly ids: ReadonlyMap<number, readonly Bytes[]>;
}

/** One answer of the control. */
export interface Template {
  /** Which wait it belongs to. */
  readonly wait: number;
  readonly raw: Bytes;
  readonly echoed: readonly EchoedId[];
  /** The answer without what differs in each run, as text. */
  readonly key: string;
}

/** The answers of a trial beside those of the control. */
export interface Comparison {
  /** Answers of the control that did not come. */
  readonly missing: readonly Template[];
  /** How many came more often than in the control. */
  readonly copies: number;
  /** What the control did not have. */
  readonly others: readonly Bytes[];
  /** The first answer that belongs to another address. */
  readonly foreign: Bytes | undefined;
}

/** An answer without ids, captures and what masks cover. */
export function keyOf(answer: Bytes, echoed: readonly EchoedId[], slots: SlotValues, masks: readonly Mask[]): string {
  const blank = Uint8Array.from(answer);
  for (const { offset, bytes } of echoed) blank.fill(0, offset, offset + bytes);
  return latin1(applyMasks(namedSlots(blank, slots), masks));
}

/** Whether an answer is this one of the control, for this run. */
export function matches(answer: Bytes, template: Template, { slots, ids }: RunValues, masks: readonly Mask[]): boolean {
  const isOwn = template.echoed.every(({ offset, send, bytes }) => isOneOf(ids.get(send), answer.subarray(offset, offset + bytes)));
  return isOwn && keyOf(answer, template.echoed, slots, masks) === template.key;
}

/** Compares all answers with those that are due, in any order: datagrams have none. */
export function compareAnswers(answers: readonly Bytes[], due: readonly Template[], values: RunValues, masks: readonly Mask[]): Comparison {
  const missing = [...due];
  const others: Bytes[] = [];
  let copies = 0;
  let foreign: Bytes | undefined;
  for (const answer of answers) {
    const place = missing.findIndex((template) => matches(answer, template, values, masks));
    if (place >= 0) missing.splice(place, 1);
    else if (due.some((template) => matches(answer, template, values, masks))) copies += 1;
    else {
      others.push(answer);
      if (belongsElsewhere(answer, due, values, masks)) foreign ??= answer;
    }
  }
  return { missing, copies, others, foreign };
}

/** Whether the bytes of all answers are those that are due, joined in this order. */
export function areJoined(answers: readonly Bytes[], due: readonly Template[], { slots }: RunValues, masks: readonly Mask[]): boolean {
  let start = 0;
  const echoed = due.flatMap((template) => {
    const shifted = template.echoed.map((each) => ({ ...each, offset: each.offset + start }));
    start += template.raw.length;
    return shifted;
  });
  return keyOf(concatBytes(answers), echoed, slots, masks) === due.map(({ key }) => key).join('');
}

/** Whether an answer has the number or the id of another run where it should have one of this run. */
function belongsElsewhere(answer: Bytes, due: readonly Template[], { slots, ids }: RunValues, masks: readonly Mask[]): boolean {
  if (isForeign(namedSlots(answer, slots))) return true;
  const own = [...ids.values()].flat();
  return due.some(({ echoed, key }) => {
    if (keyOf(answer, echoed, slots, masks) !== key) return false;
    const seen = echoed.map(({ offset, bytes }) => answer.subarray(offset, offset + bytes));
    return seen.some((id, index) => id.length === echoed[index]!.bytes && !isOneOf(own, id) && wasHandedOut(id));
  });
}

function isOneOf(ids: readonly Bytes[] | undefined, id: Bytes): boolean {
  return ids?.some((own) => Buffer.compare(own, id) === 0) === true;
}
