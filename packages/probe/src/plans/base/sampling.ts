/** Fair samples of plans that would make too many trials, or too many pieces. */

import { allSendsDraft, cutDraft, cyclicCuts } from './cut-drafts.ts';
import { nearLandmarks } from './landmarks.ts';
import { drawAt } from './random-source.ts';
import { cuttableBytes, sendsOf } from './steps.ts';
import type { Exchange } from '../../types.ts';
import type { Drafts, PlanContext } from './plan.ts';

/** Options of {@link sampledDrafts}. */
export interface SampleOptions {
  readonly most: number;
  readonly seed: number;
}

/** At most `most` of the drafts: one of each of equal parts, so that all places are tried alike. Determined by the seed. */
export function sampledDrafts(drafts: Drafts, name: string, { most, seed }: SampleOptions): Drafts {
  const { count } = drafts;
  if (count <= most) return drafts;
  const at = (index: number) => drafts.at(drawnPlace(index, { count, most, seed }));
  return { count: most, at, untried: `${count - most} of ${count} trials of ${name}` };
}

function drawnPlace(part: number, { count, most, seed }: SampleOptions & { readonly count: number }): number {
  const first = Math.floor((part * count) / most);
  const last = Math.floor(((part + 1) * count) / most) - 1;
  return drawAt(seed, part)(first, last);
}

/** One cut at each position; of more than `most`, those near frame and line ends, and a sample of the others. */
export function sampledCuts({ exchange, seed }: PlanContext, most: number): Drafts {
  const sends = sendsOf(exchange);
  const starts: number[] = [];
  let count = 0;
  for (const step of sends) {
    starts.push(count);
    count += cuttableBytes(step) - 1;
  }
  const places = count <= most ? undefined : chosenPlaces(exchange, starts, { count, most, seed });
  const at = (index: number) => {
    const place = places?.[index] ?? index;
    const send = starts.findLastIndex((start) => start <= place);
    return cutDraft(exchange, { send, cuts: [place - starts[send]! + 1] });
  };
  // A report's strip counts the positions that were not tried.
  return { count: places?.length ?? count, at };
}

function chosenPlaces(exchange: Exchange, starts: readonly number[], drawn: SampleOptions & { readonly count: number }): readonly number[] {
  const half = Math.floor(drawn.most / 2);
  const near = sendsOf(exchange).flatMap((step, send) => nearLandmarks(step, half).map((cut) => starts[send]! + cut - 1));
  const known = near.length <= half ? near : Array.from({ length: half }, (_, part) => near[Math.floor((part * near.length) / half)]!);
  const others = Array.from({ length: drawn.most - half }, (_, part) => drawnPlace(part, { ...drawn, most: drawn.most - half }));
  return [...new Set([...known, ...others])].toSorted((left, right) => left - right);
}

/** All sends in pieces of `size` bytes. Of more than `most` cuts, those at the beginning and the end of each send are made. */
export function boundedPieces(exchange: Exchange, name: string, size: number, most: number): Drafts {
  const cutsIn = (byteLength: number): number => Math.ceil(byteLength / size) - 1;
  const sends = sendsOf(exchange);
  const count = sends.reduce((sum, step) => sum + cutsIn(cuttableBytes(step)), 0);
  if (count <= most) return allSendsDraft(exchange, (byteLength) => cyclicCuts([size], byteLength));
  const each = Math.max(1, Math.floor(most / sends.length / 2));
  const made = sends.reduce((sum, step) => sum + Math.min(cutsIn(cuttableBytes(step)), 2 * each), 0);
  const drafts = allSendsDraft(exchange, (byteLength) => outerCuts(size, cutsIn(byteLength), each));
  return { ...drafts, untried: `${count - made} of ${count} cuts of ${name}` };
}

function* outerCuts(size: number, count: number, each: number): Generator<number, void, undefined> {
  const first = Math.min(each, count);
  for (let cut = 1; cut <= first; cut++) yield cut * size;
  for (let cut = Math.max(first, count - each) + 1; cut <= count; cut++) yield cut * size;
}
