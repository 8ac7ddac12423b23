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

/** Runs trials until the budget is used up; then nothing fails any more. */
export class Budget {
  runs = 0;
  readonly #isFailing: IsFailing;
  readonly #maxRuns: number;

  constructor(isFailing: IsFailing, maxRuns: number) {
    this.#isFailing = isFailing;
    this.#maxRuns = maxRuns;
  }

  get isExhausted(): boolean {
    return this.runs >= this.#maxRuns;
  }

  async fails(trial: Trial): Promise<boolean> {
    if (this.isExhausted) return false;
    this.runs++;
    return this.#isFailing(trial);
  }
}

/** One trial with varying cuts. Each set of cuts is run once. */
export class Search {
  readonly #exchange: Exchange;
  readonly #trial: Trial;
  readonly #budget: Budget;
  readonly #bursts: readonly Burst[];
  readonly #landmarks: readonly (readonly Cut[])[];
  readonly #known = new Map<string, boolean>();

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

  async fails(places: readonly Place[]): Promise<boolean> {
    const key = places.map(({ burst, cut }) => `${burst}@${cut}`).join(',');
    const known = this.#known.get(key);
    if (known !== undefined || this.isExhausted) return known ?? false;
    const isFailing = await this.#budget.fails(this.trialOf(places));
    this.#known.set(key, isFailing);
    return isFailing;
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
