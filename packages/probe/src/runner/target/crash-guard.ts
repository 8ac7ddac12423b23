import { isBroken } from './judged.ts';
import { createLock } from './lock.ts';
import { isNoConnection } from './patient-connector.ts';
import type { Canary } from './canary.ts';
import type { Judged } from './judged.ts';
import type { Lock } from './lock.ts';

/**
 * Finds out which trial killed a target. All connections break when it dies, so those of the other running trials fail as well:
 *
 * ```
 * trials in flight --one breaks, and the target refuses connections--> everybody stops
 *   --the target is back--> each of the broken ones alone: who kills it again is to blame, the others are judged by that run
 *   --it stays away------> one is shown, and names the others, which have no verdict
 * ```
 */
export interface CrashGuard {
  /** Runs a trial beside others, unless one is being checked alone. */
  beside<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Whether the target died during a run that began then. Called when its connection broke. */
  hasDied(since: number): Promise<boolean>;
  /** Judges a broken trial alone. Undefined when the target stays away and another trial is shown for it. */
  alone(broken: Judged, run: () => Promise<Judged>): Promise<Judged | undefined>;
  close(): void;
}

/** Makes a {@link CrashGuard}. `endingOf` tells how the target ended, where it was started by us; `lock` is what others work under, too. */
export function createCrashGuard(
  canary: Canary,
  endingOf: () => string | undefined = () => undefined,
  lock: Lock = createLock(),
): CrashGuard {
  const waiting = new Set<Judged>();
  let isGone = false;

  /** Runs a trial until it did not break the canary, at most twice: breaking it once may be chance. */
  const runAlone = async (run: () => Promise<Judged>): Promise<Judged> => {
    for (let runs = 1; ; runs++) {
      await canary.renew();
      const since = performance.now();
      const judged = await run();
      if (!isBroken(judged) || (await canary.brokeAt()) < since) return judged;
      if (runs === KILLING_RUNS) return diedOf(judged, 'also when nothing else was sent', endingOf());
    }
  };
  const judgeAlone = async (broken: Judged, run: () => Promise<Judged>): Promise<Judged | undefined> => {
    if (isGone) return undefined;
    try {
      return await runAlone(run);
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      isGone = true;
      return { ...diedOf(broken, oneOf([...waiting].map(({ trial }) => trial.id)), endingOf()), isTargetGone: true };
    }
  };
  return {
    beside: (run) =>
      lock.shared(async () => {
        await canary.renew();
        return run();
      }),
    hasDied: async (since) => (await canary.brokeAt()) >= since,
    alone(broken, run) {
      waiting.add(broken);
      return lock.exclusive(() => judgeAlone(broken, run)).finally(() => waiting.delete(broken));
    },
    close: () => canary.close(),
  };
}

const KILLING_RUNS = 2;

function diedOf(judged: Judged, how: string, ending: string | undefined): Judged {
  const { verdict } = judged;
  if (verdict.kind !== 'fail') return judged;
  const detail = `${verdict.detail}; then the target took no more connections${how === '' ? '' : `, ${how}`}${ending === undefined ? '' : `: it ended with ${ending}`}`;
  return { ...judged, verdict: { ...verdict, failure: 'target-died', detail } };
}

/** Most trials that are named. */
const MAX_NAMED = 8;

function oneOf(inFlight: readonly string[]): string {
  if (inFlight.length < 2) return '';
  const more = inFlight.length > MAX_NAMED ? ` and ${inFlight.length - MAX_NAMED} more` : '';
  return `and it died of one of these, which were in flight: ${inFlight.slice(0, MAX_NAMED).join(', ')}${more}; with --concurrency 1 it is named`;
}
