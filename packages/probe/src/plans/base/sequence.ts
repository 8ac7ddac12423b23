import { ProbeError } from '../../errors.ts';
import { optional } from '../../optional.ts';
import { mix } from './random-source.ts';
import type { Exchange, Trial } from '../../types.ts';
import type { Drafts, Plan } from './plan.ts';

/** Trials in order. Each is made on demand and none is kept, so a million of them take no memory. */
export interface TrialSequence extends Iterable<Trial> {
  readonly count: number;
  /** @throws RangeError outside `0 ≤ position < count`. */
  readonly at: (position: number) => Trial;
}

/** A plan applied to an exchange. */
export interface PlannedCount {
  readonly plan: string;
  readonly count: number;
  /** What the plan leaves out here. */
  readonly untried?: string;
}

/** The trials of a campaign. */
export interface Campaign extends TrialSequence {
  /** The number of trials of each plan, in order. */
  readonly plans: readonly PlannedCount[];
}

/** Options of {@link planTrials}. */
export interface PlanOptions {
  /** A whole number; determines random plans and shards. @defaultValue 1 */
  readonly seed?: number;
  /** Whether the connection stays open after the exchange; otherwise it is not repeated on one. @defaultValue true */
  readonly isReusable?: boolean;
  /** Why two rounds on one connection fail even unsplit: then presets do not glue. @defaultValue they do not fail */
  readonly repeatFault?: string | undefined;
  /** Why two connections at once tell nothing. @defaultValue they do */
  readonly companyFault?: string | undefined;
  /** Most single cuts that presets make. @defaultValue 4096 */
  readonly maxCuts?: number | undefined;
}

/**
 * The trials of all plans, one plan after the other.
 *
 * @throws ProbeError `PROBE_ERR_NO_TRIALS` when a plan needs a framing and none was given, or when the exchange
 * contains nothing that the plans cut or glue: no trial must never look like a pass.
 */
export function planTrials(
  plans: readonly Plan[],
  exchange: Exchange,
  { seed = 1, isReusable = true, repeatFault, companyFault, maxCuts }: PlanOptions = {},
): Campaign {
  if (!Number.isSafeInteger(seed)) throw new ProbeError('PROBE_ERR_PLAN', `the seed is a whole number, received ${seed}`);
  const drafted = plans.map(({ text, draft }) => ({
    plan: text,
    drafts: draft({ exchange, seed, isReusable, repeatFault, companyFault, maxCuts }),
  }));
  const counts = drafted.map(({ plan, drafts }) => ({ plan, count: drafts.count, ...optional('untried', drafts.untried) }));
  const count = counts.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) throw nothingToDo(counts);
  const at = (position: number) => trialAt(drafted, position, seed);
  return sequence(count, at, { plans: counts });
}

function trialAt(drafted: readonly { readonly plan: string; readonly drafts: Drafts }[], position: number, seed: number): Trial {
  let before = 0;
  for (const { plan, drafts } of drafted) {
    const place = position - before;
    if (place < drafts.count) return { id: `${plan}#${place}`, index: position, plan, seed, ...drafts.at(place) };
    before += drafts.count;
  }
  throw new RangeError(`there is no trial ${position}`);
}

function nothingToDo(counts: readonly PlannedCount[]): ProbeError {
  const texts = counts.map(({ plan }) => plan).join('+');
  const why = [...new Set(counts.flatMap(({ untried }) => untried ?? []))].map((reason) => `; ${reason}`).join('');
  return new ProbeError('PROBE_ERR_NO_TRIALS', `there is nothing in this exchange that ${texts} would cut or glue${why}`);
}

/** One of `of` parts of a campaign, counted from 0. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Most shards of one campaign. */
export const MAX_SHARDS = 100_000;

/**
 * The trials of one shard. All shards together are the whole campaign and no trial is in two of them; their sizes differ by at
 * most one. Of each `of` consecutive trials every shard gets one, chosen by the seed.
 *
 * @throws ProbeError `PROBE_ERR_PLAN` when the shard is not one of `of`.
 */
export function shardOf(trials: TrialSequence, { index, of }: Shard, seed: number = 1): TrialSequence {
  checkShard({ index, of });
  const position = (block: number) => block * of + ((index + mix(mix(seed) ^ block)) % of);
  const whole = Math.floor(trials.count / of);
  const rest = trials.count - whole * of;
  const count = whole + (index < rest ? 1 : 0);
  // The last block is short, so it goes to the first shards in order.
  return sequence(count, (place) => trials.at(place < whole ? position(place) : whole * of + index), {});
}

/** Reads `i/n`, counted from 0. @throws ProbeError `PROBE_ERR_PLAN` */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  if (match === null)
    throw new ProbeError('PROBE_ERR_PLAN', `a shard is written i/n, counted from 0, as in 0/4; received ${JSON.stringify(text)}`);
  const shard = { index: Number(match[1]), of: Number(match[2]) };
  checkShard(shard);
  return shard;
}

function checkShard({ index, of }: Shard): void {
  const isWhole = Number.isSafeInteger(index) && Number.isSafeInteger(of);
  if (isWhole && of >= 1 && of <= MAX_SHARDS && index >= 0 && index < of) return;
  throw new ProbeError(
    'PROBE_ERR_PLAN',
    `shard ${index}/${of}: there are 1 to ${MAX_SHARDS} shards, counted from 0 to one less than their number`,
  );
}

function sequence<More extends object>(count: number, at: (position: number) => Trial, more: More): TrialSequence & More {
  const checked = (position: number) => {
    if (Number.isSafeInteger(position) && position >= 0 && position < count) return at(position);
    throw new RangeError(`trial ${position}, there are ${count}`);
  };
  function* iterate(): Generator<Trial, void, undefined> {
    for (let position = 0; position < count; position++) yield at(position);
  }
  return { ...more, count, at: checked, [Symbol.iterator]: iterate };
}
