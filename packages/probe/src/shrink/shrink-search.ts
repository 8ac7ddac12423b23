import { createHash } from 'node:crypto';
import { burstLandmarks } from '../plans/base/landmarks.ts';
import { cutsOf, piecesOf } from '../plans/base/segmentation.ts';
import { sendsLength } from '../plans/base/steps.ts';
import type { Burst, Cut, Exchange, Trial } from '../types.ts';

/** Whether a trial fails in the same way. */
export type IsFailing = (trial: Trial) => Promise<boolean>;

/** A cut of one burst; bursts count from 0. */
export interface Place {
  readonly burst: number;
  readonly cut: Cut;
}

/** Runs each trial once, until the budget is used up; then nothing else fails any more. */
export class Budget {
  runs = 0;
  readonly #isFailing: IsFailing;
  readonly #maxRuns: number;
  readonly #known = new Map<string, boolean>();

  constructor(isFailing: IsFailing, maxRuns: number) {
    this.#isFailing = isFailing;
    this.#maxRuns = maxRuns;
  }

  get isExhausted(): boolean {
    return this.runs >= this.#maxRuns;
  }

  async fails(trial: Trial): Promise<boolean> {
    const key = keyOf(trial);
    const known = this.#known.get(key);
    return known !== undefined || this.isExhausted ? (known ?? false) : this.#run(trial, key);
  }

  /** Runs a trial again that failed; the new result counts from then on. Without budget the old one. */
  async failsAgain(trial: Trial): Promise<boolean> {
    return this.isExhausted || this.#run(trial, keyOf(trial));
  }

  async #run(trial: Trial, key: string): Promise<boolean> {
    this.runs++;
    const isFailing = await this.#isFailing(trial);
    this.#known.set(key, isFailing);
    return isFailing;
  }
}

/** What varies between the trials of one search, however many cuts they have. */
function keyOf({ repeat, steps }: Trial): string {
  const hash = createHash('sha256').update(`${repeat}`);
  for (const step of steps) if (step.kind === 'burst') hash.update(`;${step.sends.join(',')}@${cutsOf(step).join(',')}`);
  return hash.digest('base64');
}

/** One trial with varying cuts. */
export class Search {
  readonly #exchange: Exchange;
  readonly #trial: Trial;
  readonly #budget: Budget;
  readonly #bursts: readonly Burst[];
  readonly #landmarks: readonly (readonly Cut[])[];

  constructor(exchange: Exchange, trial: Trial, budget: Budget) {
    this.#exchange = exchange;
    this.#trial = trial;
    this.#budget = budget;
    this.#bursts = trial.steps.filter((step) => step.kind === 'burst');
    this.#landmarks = this.#bursts.map((burst) => burstLandmarks(exchange, burst));
  }

  /** The cuts of the trial as it is. */
  get places(): readonly Place[] {
    return this.#bursts.flatMap((burst, index) => cutsOf(burst).map((cut) => ({ burst: index, cut })));
  }

  get isExhausted(): boolean {
    return this.#budget.isExhausted;
  }

  fails(places: readonly Place[]): Promise<boolean> {
    return this.#budget.fails(this.trialOf(places));
  }

  bytesOf(burst: number): number {
    return this.#bursts[burst]?.pieces.at(-1)?.end ?? 0;
  }

  landmarksOf(burst: number): readonly Cut[] {
    return this.#landmarks[burst] ?? [];
  }

  /** The trial with these cuts; the original one, when they are its own. */
  trialOf(places: readonly Place[]): Trial {
    let number = 0;
    let isSame = true;
    const steps = this.#trial.steps.map((step) => {
      if (step.kind !== 'burst') return step;
      const burst = number++;
      const cuts = places.filter((place) => place.burst === burst).map(({ cut }) => cut);
      const pieces = piecesOf(cuts, sendsLength(this.#exchange, step.sends));
      isSame &&= pieces.length === step.pieces.length && pieces.every(({ end }, index) => end === step.pieces[index]!.end);
      return { ...step, pieces };
    });
    return isSame ? this.#trial : { ...this.#trial, id: `${this.#trial.id.replace(/~$/, '')}~`, index: -1, steps };
  }
}
