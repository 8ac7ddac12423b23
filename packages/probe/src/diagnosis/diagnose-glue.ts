import { BUGS } from './bugs.ts';
import type { Bug, Confidence, Diagnosis, Trial } from '../types.ts';

/** The results of the trials that glue requests, grouped by what they glue. */
export interface GlueTally {
  /** `whole`: the requests are one piece. `cut`: a piece holds the end of one and the head of the next. */
  readonly kind: 'whole' | 'cut';
  /** The first of the glued sends. */
  readonly first: number;
  /** Whether the same send is in it several times. */
  readonly isRepeated: boolean;
  readonly pass: number;
  readonly fail: number;
}

/** How a trial glues, or `undefined` when it does not. */
export function glueOf({ steps }: Trial): Pick<GlueTally, 'kind' | 'first' | 'isRepeated'> | undefined {
  for (const step of steps) {
    if (step.kind !== 'burst' || step.sends.length < 2) continue;
    const [first] = step.sends as readonly [number];
    return { kind: step.pieces.length === 1 ? 'whole' : 'cut', first, isRepeated: step.sends.includes(first, 1) };
  }
  return undefined;
}

/**
 * Infers the bug from glued requests:
 *
 * - a request that is sent several times in one piece gets fewer answers: only the first message of a read is handled;
 * - glued bytes are only lost after the first send: it changes the reader, and surplus bytes are not passed on;
 * - whole requests in one piece work, and the end of one with the head of the next does not: surplus bytes are lost.
 */
export function diagnoseGlue(
  tallies: readonly GlueTally[],
  singles: { readonly tried: number; readonly failing: number },
): Diagnosis | undefined {
  // When single cuts fail too, glue adds no information.
  if (singles.failing > 0) return undefined;
  const isContrasted = singles.tried > 0;
  const wholes = tallies.filter(({ kind }) => kind === 'whole');
  const failing = wholes.filter(({ fail, pass }) => fail > pass);
  if (failing.length > 0) return ofWholes(wholes, failing, isContrasted);
  const cut = tallies.filter(({ kind, fail, pass }) => kind === 'cut' && fail > pass);
  if (cut.length === 0) return undefined;
  const evidence = 'requests that share a piece whole are answered, the end of one with the head of the next is not';
  const isClear = tallies.every(({ kind, pass }) => kind === 'whole' || pass === 0);
  return made('leftover-lost', wholes.length > 0 ? (isContrasted && isClear ? 'certain' : 'likely') : 'possible', evidence);
}

function ofWholes(wholes: readonly GlueTally[], failing: readonly GlueTally[], isContrasted: boolean): Diagnosis {
  const isOnlyFirst = failing.length < wholes.length && failing.every(({ first }) => first === 0);
  if (isOnlyFirst) return made('leftover-lost', isContrasted ? 'certain' : 'likely', 'only what is glued to the first send is lost');
  if (failing.some(({ isRepeated }) => isRepeated) || wholes.length > 1) {
    const confidence = failing.length < wholes.length ? 'possible' : isContrasted ? 'certain' : 'likely';
    return made('first-message-only', confidence, 'single cuts do no harm, and requests in one piece are not all answered');
  }
  return made('leftover-lost', 'possible', 'the second send is lost when it comes together with the first');
}

function made(bug: Bug, confidence: Confidence, evidence: string): Diagnosis {
  return { bug, confidence, sentence: BUGS[bug], evidence };
}
