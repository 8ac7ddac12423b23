import { ProbeError } from '../../errors.ts';
import { NO_DRAFTS } from './plan.ts';
import { sortedCuts } from './segmentation.ts';
import { cuttableBytes, plainSteps, sendsOf } from './steps.ts';
import type { Cut, Exchange } from '../../types.ts';
import type { Draft, Drafts } from './plan.ts';

/** Cuts in one send, all in one trial. */
export interface SendCuts {
  readonly send: number;
  readonly cuts: readonly Cut[];
}

/** The trial that cuts one send and no other. */
export function cutDraft(exchange: Exchange, { send, cuts }: SendCuts): Draft {
  return { repeat: 1, steps: plainSteps(exchange, { cuts: new Map([[send, cuts]]) }) };
}

/** One trial for each of `cuts`, given for each send; cuts outside the bytes and repeated ones are left out. */
export function singleCutDrafts(exchange: Exchange, cuts: readonly (readonly Cut[])[]): Drafts {
  const sends = sendsOf(exchange);
  const places = cuts.map((ofSend, send) => sortedCuts(ofSend, cuttableBytes(sends[send]!)));
  return numberedDrafts(
    places.map(({ length }) => length),
    (send, index) => cutDraft(exchange, { send, cuts: [places[send]![index]!] }),
  );
}

/** Drafts numbered send by send: `counts` has the number for each send. */
export function numberedDrafts(counts: readonly number[], make: (send: number, index: number) => Draft): Drafts {
  const count = counts.reduce((sum, each) => sum + each, 0);
  const at = (index: number) => {
    let send = 0;
    let before = 0;
    while (index - before >= counts[send]!) before += counts[send++]!;
    return make(send, index - before);
  };
  return { count, at };
}

/** The first ones, then the others. */
export function joinedDrafts(first: Drafts, second: Drafts): Drafts {
  const at = (index: number) => (index < first.count ? first.at(index) : second.at(index - first.count));
  return { count: first.count + second.count, at };
}

/** Most pieces of one trial that is defined by sizes. */
const MAX_PIECES = 1_000_000;

/**
 * One trial that cuts all sends, at the cuts that `cutsOfSend` returns for a length; none when nothing is cut.
 *
 * @throws ProbeError `PROBE_ERR_PLAN` when there would be more than a million pieces.
 */
export function allSendsDraft(exchange: Exchange, cutsOfSend: (byteLength: number) => Iterable<Cut>): Drafts {
  const sends = sendsOf(exchange);
  const count = sends.reduce((sum, step) => sum + countOf(cutsOfSend(cuttableBytes(step))), 0);
  if (count === 0) return NO_DRAFTS;
  if (count + sends.length > MAX_PIECES)
    throw new ProbeError('PROBE_ERR_PLAN', `pieces this small are more than ${MAX_PIECES} in one trial`);
  const cuts = () => new Map(sends.map((step, index) => [index, [...cutsOfSend(cuttableBytes(step))]]));
  return { count: 1, at: () => ({ repeat: 1, steps: plainSteps(exchange, { cuts: cuts() }) }) };
}

function countOf(cuts: Iterable<Cut>): number {
  const iterator = cuts[Symbol.iterator]();
  let count = 0;
  while (count <= MAX_PIECES && iterator.next().done !== true) count++;
  return count;
}

/** Cuts after pieces with these `sizes`, repeated. */
export function* cyclicCuts(sizes: readonly number[], byteLength: number): Generator<Cut, void, undefined> {
  let cut = 0;
  for (let index = 0; ; index++) {
    cut += sizes[index % sizes.length]!;
    if (cut >= byteLength) return;
    yield cut;
  }
}
