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

/** A key that was made before, and of what: captures add to the slots. */
interface KnownKey {
  readonly slots: SlotValues;
  readonly slotCount: number;
  readonly masks: readonly Mask[];
  readonly key: string;
}

const knownKeys = new WeakMap<Bytes, Map<readonly EchoedId[], KnownKey>>();

/** The same, made once: a server may send thousands of answers, and each new one is compared with what is due. */
function knownKeyOf(answer: Bytes, echoed: readonly EchoedId[], slots: SlotValues, masks: readonly Mask[]): string {
  const ofAnswer = knownKeys.get(answer) ?? new Map<readonly EchoedId[], KnownKey>();
  knownKeys.set(answer, ofAnswer);
  const known = ofAnswer.get(echoed);
  if (known?.slots === slots && known.slotCount === slots.size && known.masks === masks) return known.key;
  const key = keyOf(answer, echoed, slots, masks);
  ofAnswer.set(echoed, { slots, slotCount: slots.size, masks, key });
  return key;
}

/** Whether an answer is this one of the control, for this run. */
export function matches(answer: Bytes, { echoed, key }: Template, { slots, ids }: RunValues, masks: readonly Mask[]): boolean {
  return hasOwnIds(answer, echoed, ids) && knownKeyOf(answer, echoed, slots, masks) === key;
}

function hasOwnIds(answer: Bytes, echoed: readonly EchoedId[], ids: RunValues['ids']): boolean {
  return echoed.every(({ offset, send, bytes }) => isOneOf(ids.get(send), answer.subarray(offset, offset + bytes)));
}

/** The templates that are due, by where they repeat ids, and then by key. */
type Shelf = ReadonlyMap<readonly EchoedId[], ReadonlyMap<string, Template[]>>;

const shelves = new WeakMap<readonly Template[], Shelf>();

/** Made once for the answers that are due: each that comes is looked up in it. */
function shelfOf(due: readonly Template[]): Shelf {
  const known = shelves.get(due);
  if (known !== undefined) return known;
  const shelf = new Map(
    [...Map.groupBy(due, ({ echoed }) => echoed)].map(([echoed, those]) => [echoed, Map.groupBy(those, ({ key }) => key)]),
  );
  shelves.set(due, shelf);
  return shelf;
}

/** Compares all answers with those that are due, in any order: datagrams have none. */
export function compareAnswers(answers: readonly Bytes[], due: readonly Template[], values: RunValues, masks: readonly Mask[]): Comparison {
  const shelf = shelfOf(due);
  const missing = new Set(due);
  const others: Bytes[] = [];
  let copies = 0;
  let foreign: Bytes | undefined;
  for (const answer of answers) {
    const equal = equalTemplates(answer, shelf, values, masks);
    const [first] = equal;
    if (first === undefined) {
      others.push(answer);
      if (foreign === undefined && belongsElsewhere(answer, shelf, values, masks)) foreign = answer;
    } else {
      const place = equal.find((template) => missing.has(template));
      if (place === undefined) copies += 1;
      else missing.delete(place);
    }
  }
  return { missing: [...missing], copies, others, foreign };
}

function equalTemplates(answer: Bytes, shelf: Shelf, { slots, ids }: RunValues, masks: readonly Mask[]): readonly Template[] {
  for (const [echoed, byKey] of shelf) {
    const equal = hasOwnIds(answer, echoed, ids) ? byKey.get(knownKeyOf(answer, echoed, slots, masks)) : undefined;
    if (equal !== undefined) return equal;
  }
  return [];
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
function belongsElsewhere(answer: Bytes, shelf: Shelf, { slots, ids }: RunValues, masks: readonly Mask[]): boolean {
  if (isForeign(namedSlots(answer, slots))) return true;
  const own = [...ids.values()].flat();
  return [...shelf].some(([echoed, byKey]) => {
    if (!byKey.has(knownKeyOf(answer, echoed, slots, masks))) return false;
    const seen = echoed.map(({ offset, bytes }) => answer.subarray(offset, offset + bytes));
    return seen.some((id, index) => id.length === echoed[index]!.bytes && !isOneOf(own, id) && wasHandedOut(id));
  });
}

function isOneOf(ids: readonly Bytes[] | undefined, id: Bytes): boolean {
  return ids?.some((own) => Buffer.compare(own, id) === 0) === true;
}
