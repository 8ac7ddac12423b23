import { ProbeError } from '../../errors.ts';
import { sendsOf } from './steps.ts';
import type { Exchange, FrameSpan, TrialStep } from '../../types.ts';

/** The exchange that plans are made for. */
export interface PlanContext {
  readonly exchange: Exchange;
  readonly seed: number;
  /** Whether the connection stays open after the exchange, so that more can be sent on it. */
  readonly isReusable: boolean;
  /** Why two rounds on one connection fail even unsplit; undefined when they do not, or were not tried. */
  readonly repeatFault?: string | undefined;
  /** Why two connections at once tell nothing; undefined when they do, or it was not tried. */
  readonly companyFault?: string | undefined;
  /** Most single cuts that presets make. @defaultValue 4096 */
  readonly maxCuts?: number | undefined;
}

/** A trial before it has a place in a campaign. */
export interface Draft {
  readonly repeat: number;
  readonly steps: readonly TrialStep[];
}

/** The trials of one plan: `count` of them, each made on demand, in any order. */
export interface Drafts {
  readonly count: number;
  readonly at: (index: number) => Draft;
  /** What the plan leaves out here, for a report: `3000 of 4095 cuts of drip`. */
  readonly untried?: string | undefined;
}

/** A parsed plan. */
export interface Plan {
  /** As written: its name in trials and reports. */
  readonly text: string;
  /** @throws ProbeError `PROBE_ERR_NO_TRIALS` when the plan needs frames and there are none. */
  readonly draft: (context: PlanContext) => Drafts;
  /** The preset that it belongs to. */
  readonly preset?: string;
}

/** One kind of plan. */
export interface PlanEntry {
  /** Its name, without numbers. */
  readonly name: string;
  /** Its syntax, with numbers. */
  readonly usage: string;
  /** One sentence on what it cuts or glues. */
  readonly summary: string;
  /** Whether it needs a framing. */
  readonly needsFrames: boolean;
  /**
   * Parses what follows the colon, `undefined` without one.
   *
   * @throws ProbeError `PROBE_ERR_PLAN` saying what was seen and what is allowed.
   */
  readonly create: (argument: string | undefined) => Plan['draft'];
}

export const NO_DRAFTS: Drafts = { count: 0, at: (index) => outOfRange(index) };

/** What is left out without a framing. */
export const UNFRAMED = 'cuts at frames: no framing was given';

/** No drafts, with the reason. */
export function withoutDrafts(untried: string): Drafts {
  return { ...NO_DRAFTS, untried };
}

/** Drafts of a list that is short enough to be made at once. */
export function draftsOf<Item>(items: readonly Item[], make: (item: Item) => Draft): Drafts {
  return { count: items.length, at: (index) => make(items[index] ?? outOfRange(index)) };
}

function outOfRange(index: number): never {
  throw new RangeError(`there is no trial ${index} in this plan`);
}

/** The frames of each send. @throws ProbeError `PROBE_ERR_NO_TRIALS` saying what to give, when a framing is missing. */
export function framesOfSends({ exchange }: PlanContext, plan: string): readonly (readonly FrameSpan[])[] {
  return sendsOf(exchange).map(({ frames, cut }) => {
    if (frames !== undefined) return cut === false ? [] : frames;
    throw new ProbeError(
      'PROBE_ERR_NO_TRIALS',
      `the plan ${plan} needs to know where frames begin: give the framing of the request, as in --framing u32be`,
    );
  });
}

/** Reads a whole number in a range. @throws ProbeError `PROBE_ERR_PLAN` */
export function readCount(text: string | undefined, usage: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const count = text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= min && count <= max) return count;
  const seen = text === undefined ? 'no number' : JSON.stringify(text);
  throw new ProbeError('PROBE_ERR_PLAN', `${usage} takes a whole number from ${min} to ${max}, received ${seen}`);
}

/** Refuses an argument. @throws ProbeError `PROBE_ERR_PLAN` */
export function noArgument(argument: string | undefined, name: string): void {
  if (argument !== undefined)
    throw new ProbeError('PROBE_ERR_PLAN', `the plan ${name} takes nothing after it, received ${JSON.stringify(`:${argument}`)}`);
}
