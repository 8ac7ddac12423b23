/**
 * Infers the likely bug from which cuts fail.
 *
 * Each bug fails at certain places, its *footprint*: a header that is read with one recv fails at the cuts inside a header
 * and nowhere else. The footprint that matches the failing cuts best names the bug:
 *
 * - `certain`: all tried cuts in the footprint fail, no others do, and at least `MIN_TRIED` cuts were tried, some of them outside the
 * footprint;
 * - `likely`: nine in ten failing cuts are in it and eight in ten of its cuts fail; or at least `MIN_TRIED` cuts were tried, all fail, and none
 * is outside;
 * - `possible`: nine in ten failing cuts are in it and half of its cuts fail;
 * - otherwise no bug is named. Of equally good footprints the smaller one is used.
 *
 * Where single cuts tell nothing, those with a silence behind them do, and then glued requests: see `diagnoseGlue`.
 */

import { isFailure, isRight } from '../trial/cells.ts';
import { BUGS } from './bugs.ts';
import { diagnoseGlue } from './diagnose-glue.ts';
import { FOOTPRINTS, footprintOf } from './footprints.ts';
import type { Bytes, Confidence, Diagnosis, FrameSpan } from '../types.ts';
import type { GlueTally } from './diagnose-glue.ts';
import type { Footprint } from './footprints.ts';

/** The results for one send: which single cuts were tried, with a cell for each as in a report. */
export interface CutEvidence {
  readonly bytes: Bytes;
  readonly frames?: readonly FrameSpan[];
  /** One cell for each cut at 1, 2, … */
  readonly cells: string;
}

/** The input of a diagnosis. */
export interface Evidence {
  readonly sends: readonly CutEvidence[];
  readonly glue: readonly GlueTally[];
  /** What became of trials with a silence behind a piece. @defaultValue none was tried */
  readonly pauses?: PauseTally;
}

/** How many trials with a silence behind a piece went well, and how many did not. */
export interface PauseTally {
  readonly pass: number;
  readonly fail: number;
}

/** Fewest tried cuts for more than `possible`. */
const MIN_TRIED = 4;

/** Least part of the cuts in a footprint that must fail. */
const LEAST_SHARE = 0.5;

/** How well a footprint fits. */
interface Fit {
  readonly failingInside: number;
  readonly triedInside: number;
  readonly failing: number;
  readonly tried: number;
}

/** The likely bug, or `undefined` when nothing failed or the failures fit none. */
export function diagnose({ sends, glue, pauses }: Evidence): Diagnosis | undefined {
  return diagnoseCuts(sends) ?? diagnosePauses(pauses, tally(sends)) ?? diagnoseGlue(glue, tally(sends));
}

/** The same cuts do no harm without a silence behind them. */
function diagnosePauses(
  pauses: PauseTally | undefined,
  singles: { readonly tried: number; readonly failing: number },
): Diagnosis | undefined {
  if (pauses === undefined || pauses.fail === 0 || singles.failing > 0) return undefined;
  const { pass, fail } = pauses;
  const confidence = singles.tried < MIN_TRIED ? 'possible' : pass === 0 ? 'certain' : 'likely';
  const evidence = `${fail} of ${pass + fail} trials with a silence after a cut fail, and 0 of ${singles.tried} cuts without one`;
  return { bug: 'silence-is-end', confidence, sentence: BUGS['silence-is-end'], evidence };
}

/** Adds up the trials with a silence among the tallies of plans. */
export function pausesOf(
  plans: readonly { readonly plan: string; readonly pass: number; readonly unconfirmed: number; readonly fail: number }[],
): PauseTally {
  const ofPauses = plans.filter(({ plan }) => plan.startsWith('pause'));
  const sum = (count: (plan: (typeof plans)[number]) => number): number => ofPauses.reduce((all, plan) => all + count(plan), 0);
  return { pass: sum(({ pass, unconfirmed }) => pass + unconfirmed), fail: sum(({ fail }) => fail) };
}

function diagnoseCuts(sends: readonly CutEvidence[]): Diagnosis | undefined {
  const fits = FOOTPRINTS.flatMap((footprint) => {
    const fit = fitOf(sends, footprint);
    const confidence = fit.failingInside / fit.triedInside < (footprint.leastShare ?? LEAST_SHARE) ? undefined : confidenceOf(fit);
    return confidence === undefined ? [] : [{ footprint, fit, confidence }];
  });
  const [best] = fits.toSorted((left, right) => quality(right.fit) - quality(left.fit) || left.fit.triedInside - right.fit.triedInside);
  if (best === undefined) return undefined;
  const { footprint, fit, confidence } = best;
  const { bug, where } = footprint;
  // `certain` requires that nothing else explains it as well.
  const rivals = new Set(fits.filter((other) => quality(other.fit) === quality(fit)).map((other) => other.footprint.bug));
  rivals.delete(bug);
  const others = rivals.size === 0 ? '' : `; ${[...rivals].join(' and ')} would look the same`;
  return {
    bug,
    confidence: confidence === 'certain' && rivals.size > 0 ? 'likely' : confidence,
    sentence: BUGS[bug],
    evidence: `${evidenceOf(where, fit)}${others}`,
  };
}

function fitOf(sends: readonly CutEvidence[], footprint: Footprint): Fit {
  const fit = { failingInside: 0, triedInside: 0, failing: 0, tried: 0 };
  for (const send of sends) {
    const covered = footprintOf(footprint, send);
    for (let index = 0; index < send.cells.length; index++) {
      const cell = send.cells[index]!;
      const isFailing = isFailure(cell);
      if (!isFailing && !isRight(cell)) continue;
      const inside = covered[index + 1] ?? 0;
      fit.tried++;
      fit.triedInside += inside;
      if (!isFailing) continue;
      fit.failing++;
      fit.failingInside += inside;
    }
  }
  return fit;
}

function confidenceOf({ failingInside, triedInside, failing, tried }: Fit): Confidence | undefined {
  if (failingInside === 0) return undefined;
  const precision = failingInside / failing;
  const recall = failingInside / triedInside;
  if (precision < 0.9) return undefined;
  if (tried < MIN_TRIED || triedInside === tried) return tried >= MIN_TRIED && recall === 1 && failing === tried ? 'likely' : 'possible';
  if (precision === 1 && recall === 1) return 'certain';
  return recall >= 0.8 ? 'likely' : 'possible';
}

/** The harmonic mean of the part of the footprint that fails and the part of the failures inside it. */
function quality({ failingInside, triedInside, failing }: Fit): number {
  return (2 * failingInside) / (failing + triedInside);
}

function evidenceOf(where: string, { failingInside, triedInside, failing, tried }: Fit): string {
  const outside = failing - failingInside;
  const others = `${outside} of ${tried - triedInside} elsewhere`;
  return `${failingInside} of ${triedInside} cuts ${where} fail, and ${others}`;
}

/** How many single cuts were tried, and how many fail. */
function tally(sends: readonly CutEvidence[]): { readonly tried: number; readonly failing: number } {
  const { tried, failing } = fitOf(sends, FOOTPRINTS[0]!);
  return { tried, failing };
}
