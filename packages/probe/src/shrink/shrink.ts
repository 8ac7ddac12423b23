/**
 * Makes a failing trial smaller: fewer glued requests, then fewer cuts, then simpler ones.
 */

import { fewerGlued } from './fewer-glued.ts';
import { Budget, Search } from './shrink-search.ts';
import { simplerCuts } from './simpler-cuts.ts';
import type { Exchange, Trial } from '../types.ts';
import type { IsFailing, Place } from './shrink-search.ts';

export type { IsFailing } from './shrink-search.ts';

export interface ShrinkOptions {
  /** Most trials to run. @defaultValue 200 */
  readonly maxRuns?: number;
}

export interface Shrunk {
  /** The smallest trial that failed; the given one when no smaller one does. */
  readonly trial: Trial;
  readonly runs: number;
  /** Whether the trial failed again before it was shrunk. */
  readonly isConfirmed: boolean;
  /** Whether none of its cuts can be left out; false when the budget was used up before that was known. */
  readonly isMinimal: boolean;
}

const DEFAULT_MAX_RUNS = 200;

/**
 * Finds a smallest failing trial: one that stops failing when any one of its cuts is left out, with its cuts as near to a frame
 * boundary, and otherwise as near to the beginning, as they can be moved one by one. The same results of `isFailing` give the same
 * trial. Glued requests stay glued, at least two of them. The smallest one has failed twice, where there are runs left for that.
 */
export async function shrink(
  exchange: Exchange,
  trial: Trial,
  isFailing: IsFailing,
  { maxRuns = DEFAULT_MAX_RUNS }: ShrinkOptions = {},
): Promise<Shrunk> {
  const budget = new Budget(isFailing, maxRuns);
  if (!(await budget.fails(trial))) return { trial, runs: budget.runs, isConfirmed: false, isMinimal: false };
  for (;;) {
    const smallest = await smallestOf(exchange, trial, budget);
    // Nothing smaller fails than a trial that failed by chance, as when the target stood still: so it is the result, and is run again.
    if (smallest.trial === trial || (await budget.failsAgain(smallest.trial))) return { ...smallest, runs: budget.runs, isConfirmed: true };
  }
}

async function smallestOf(exchange: Exchange, trial: Trial, budget: Budget): Promise<Pick<Shrunk, 'trial' | 'isMinimal'>> {
  const search = new Search(exchange, await fewestGlued(exchange, trial, budget), budget);
  const fewest = await fewestCuts(search, search.places);
  const simplest = await simplestCuts(search, fewest.places);
  // Moving a cut may make another one unnecessary.
  const final = simplest === fewest.places ? fewest : await fewestCuts(search, simplest);
  return { trial: search.trialOf(final.places), isMinimal: final.isMinimal };
}

async function fewestGlued(exchange: Exchange, trial: Trial, budget: Budget): Promise<Trial> {
  for (const fewer of fewerGlued(exchange, trial)) if (await budget.fails(fewer)) return fewer;
  return trial;
}

interface Fewest {
  readonly places: readonly Place[];
  readonly isMinimal: boolean;
}

/** Delta debugging: leaves out ever smaller parts while the rest still fails. Source: Zeller and Hildebrandt, 2002, `ddmin`. */
async function fewestCuts(search: Search, all: readonly Place[]): Promise<Fewest> {
  if (all.length > 0 && (await search.fails([]))) return { places: [], isMinimal: true };
  let places = all;
  let parts = 2;
  while (places.length >= 2) {
    const split = splitAt(places, parts);
    const part = await firstFailing(search, split);
    const rest =
      part === undefined && parts > 2
        ? await firstFailing(
            search,
            split.map((left) => places.filter((place) => !left.includes(place))),
          )
        : undefined;
    if (part === undefined && rest === undefined && parts === places.length) break;
    parts = part !== undefined ? 2 : rest !== undefined ? Math.max(parts - 1, 2) : Math.min(parts * 2, places.length);
    places = part ?? rest ?? places;
  }
  return { places, isMinimal: !search.isExhausted };
}

function splitAt(places: readonly Place[], parts: number): readonly (readonly Place[])[] {
  const bound = (part: number) => Math.floor((part * places.length) / parts);
  return Array.from({ length: parts }, (_, part) => places.slice(bound(part), bound(part + 1)));
}

async function firstFailing(search: Search, sets: Iterable<readonly Place[]>): Promise<readonly Place[] | undefined> {
  for (const set of sets) if (await search.fails(set)) return set;
  return undefined;
}

/** How often one cut may be moved. */
const MAX_MOVES = 8;

/** Moves one cut after the other to simpler places, while the trial still fails. The order of the cuts stays. */
async function simplestCuts(search: Search, all: readonly Place[]): Promise<readonly Place[]> {
  let places = all;
  for (const [index] of all.entries()) {
    for (let move = 0; move < MAX_MOVES; move++) {
      const moved = await firstFailing(search, moves(search, places, index));
      if (moved === undefined) break;
      places = moved;
    }
  }
  return places;
}

function moves(search: Search, places: readonly Place[], index: number): readonly (readonly Place[])[] {
  const { burst, cut } = places[index]!;
  const before = places[index - 1];
  const after = places[index + 1];
  const lowest = before?.burst === burst ? before.cut + 1 : 1;
  const highest = (after?.burst === burst ? after.cut : search.bytesOf(burst)) - 1;
  const simpler = simplerCuts(cut, search.landmarksOf(burst)).filter((other) => other >= lowest && other <= highest);
  return simpler.map((other) => places.with(index, { burst, cut: other }));
}
