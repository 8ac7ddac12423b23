import { cutsOf } from '../plans/base/segmentation.ts';
import { MAX_CASES } from '../report/model.ts';
import type { Fail, Trial } from '../types.ts';
import type { Judged } from './target/judged.ts';

/** A failed trial, with its observation if known. */
export interface Suspect {
  readonly trial: Trial;
  readonly verdict: Fail;
  readonly judged?: Judged & { readonly verdict: Fail };
}

/** The failures that a report shows: the first in the order of the campaign, whatever the order in which they are found. */
export interface Suspects {
  add(suspect: Suspect): void;
  /** In the order of the campaign. */
  list(): readonly (Suspect & { readonly isWorthShrinking: boolean })[];
}

/** A single cut is nearly as small as possible: of similar failures only this many are examined. */
const SHRUNK_OF_A_KIND = 2;
const SHRUNK_WITH_MANY_CUTS = 5;

/** Makes {@link Suspects}. */
export function createSuspects(): Suspects {
  let kept: Suspect[] = [];
  return {
    add(suspect) {
      const last = kept.at(-1);
      if (kept.length === MAX_CASES && last !== undefined && last.trial.index < suspect.trial.index) return;
      kept = [...kept, suspect].toSorted((left, right) => left.trial.index - right.trial.index).slice(0, MAX_CASES);
    },
    list() {
      const counts = new Map<string, number>();
      return kept.map((suspect) => {
        const cuts = cutCount(suspect.trial);
        // Single cuts are similar whichever plan made them.
        const key = `${cuts > 1 ? suspect.trial.plan : ''} ${suspect.verdict.failure} ${suspect.trial.repeat}`;
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        return { ...suspect, isWorthShrinking: count <= mostShrunk(suspect.verdict, cuts) };
      });
    },
  };
}

/** A single cut that kills a target is as small as possible, and each try kills it again. */
function mostShrunk({ failure }: Fail, cuts: number): number {
  if (cuts > 1) return SHRUNK_WITH_MANY_CUTS;
  return failure === 'target-died' ? 0 : SHRUNK_OF_A_KIND;
}

function cutCount({ steps }: Trial): number {
  return steps.reduce((count, step) => count + (step.kind === 'burst' ? cutsOf(step).length : 0), 0);
}
