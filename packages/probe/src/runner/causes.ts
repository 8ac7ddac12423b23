import { cutsOf } from '../plans/base/segmentation.ts';
import { sendsOf } from '../plans/base/steps.ts';
import type { Burst, Exchange, FailureKind, Trial } from '../types.ts';

/** The known smallest failures, to recognise trials that contain one of them. */
export interface Causes {
  /** Records that a trial was shrunk to `smallest`. */
  add(trial: Trial, smallest: Trial, failure: FailureKind): void;
  /** The id of a trial whose smallest failure is also contained in this one. */
  of(trial: Trial, failure: FailureKind): string | undefined;
}

/** Makes {@link Causes}. */
export function createCauses(exchange: Exchange): Causes {
  const lengths = sendsOf(exchange).map(({ send }) => send.length);
  const known: { readonly id: string; readonly parts: CutsAndGlue; readonly failure: FailureKind }[] = [];
  return {
    add(trial, smallest, failure) {
      known.push({ id: trial.id, parts: partsOf(smallest, lengths), failure });
    },
    of(trial, failure) {
      const parts = partsOf(trial, lengths);
      return known.find((cause) => cause.failure === failure && contains(parts, cause.parts))?.id;
    },
  };
}

interface CutsAndGlue {
  /** The cuts of single sends: `1@5`. */
  readonly cuts: ReadonlySet<string>;
  /** What is glued, and the cuts of such a burst: `0-0-0` and `0-0-0@5`. */
  readonly glued: ReadonlySet<string>;
}

function partsOf({ steps }: Trial, lengths: readonly number[]): CutsAndGlue {
  const bursts = steps.filter((step) => step.kind === 'burst');
  const glued = bursts.filter(({ sends }) => sends.length > 1).flatMap(gluedParts);
  return { cuts: new Set(bursts.flatMap((burst) => sendCuts(burst, lengths))), glued: new Set(glued) };
}

function gluedParts(burst: Burst): readonly string[] {
  const name = burst.sends.join('-');
  return [name, ...cutsOf(burst).map((cut) => `${name}@${cut}`)];
}

function sendCuts(burst: Burst, lengths: readonly number[]): readonly string[] {
  return cutsOf(burst).flatMap((cut) => {
    let at: number = cut;
    for (const send of burst.sends) {
      if (at < lengths[send]!) return at === 0 ? [] : [`${send}@${at}`];
      at -= lengths[send]!;
    }
    return [];
  });
}

/** A failure without glue is contained in any trial with the same cut; one with glue only in those with the same glue. */
function contains(whole: CutsAndGlue, part: CutsAndGlue): boolean {
  if (part.glued.size === 0) return part.cuts.size > 0 && [...part.cuts].every((cut) => whole.cuts.has(cut));
  return [...part.glued].every((glued) => whole.glued.has(glued));
}
