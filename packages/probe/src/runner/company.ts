import { isForeign } from '../exchange/slots.ts';
import { interleave } from '../plans/kinds/connection/interleave.ts';
import { isNoConnection } from './target/patient-connector.ts';
import type { Exchange } from '../types.ts';
import type { Judged } from './target/judged.ts';
import type { Lock } from './target/lock.ts';

/**
 * What connections share by design, as the counter of a database, makes right servers answer otherwise while others do the same.
 *
 * ```
 * unknown --a trial fails beside others, and alone it does not--> do they share bytes? --yes--> apart
 *    |                                                                                 --no---> shared: one trial at a time
 *    '-----two trials fail alone as well--> apart: what fails beside others counts
 * ```
 */
export interface Company {
  /** Whether trials are done one at a time from now on. */
  readonly isShared: boolean;
  /** How many trials went wrong beside others and well alone. */
  readonly excused: number;
  /** Judges what failed beside others once more where it may be to blame on them. */
  settle(judged: Judged, run: () => Promise<Judged>): Promise<Judged>;
  /** Runs a trial while no other does. */
  alone<Result>(run: () => Promise<Result>): Promise<Result>;
}

/** So many failures that come back alone tell that company is not the cause. */
const MOST_ASKED = 2;
/** So many connections do the same at once to find out whether what failed once needs company. */
const COMPANY = 8;

/** Makes a {@link Company}. `areShared` tells whether they share bytes, and is asked at most once, while nothing else runs. */
export function createCompany(lock: Lock, areShared: () => Promise<boolean>): Company {
  let state: 'unknown' | 'apart' | 'shared' = 'unknown';
  let asked = 0;
  let excused = 0;
  const judgeAlone = async (run: () => Promise<Judged>): Promise<Judged | undefined> => {
    if (state === 'apart') return undefined;
    const again = await run();
    if (state === 'unknown' && again.verdict.kind === 'fail') {
      asked += 1;
      if (asked === MOST_ASKED) state = 'apart';
    } else if (state === 'unknown') state = (await areShared()) ? 'apart' : 'shared';
    return state === 'shared' ? again : undefined;
  };
  const needsCompany = async (run: () => Promise<Judged>): Promise<boolean> => {
    const runs = await Promise.all(Array.from({ length: COMPANY }, () => lock.shared(run)));
    return runs.some(({ verdict }) => verdict.kind === 'fail');
  };
  return {
    get isShared() {
      return state === 'shared';
    },
    get excused() {
      return excused;
    },
    alone: (run) => lock.exclusive(run),
    async settle(judged, run) {
      if (state === 'apart' || !mayNeedCompany(judged)) return judged;
      try {
        if (judged.verdict.kind === 'flaky' && state === 'unknown' && !(await needsCompany(run))) return judged;
        const alone = await lock.exclusive(() => judgeAlone(run));
        if (alone === undefined) return judged;
        excused += 1;
        return alone;
      } catch (error) {
        if (!isNoConnection(error)) throw error;
        return judged;
      }
    },
  };
}

/** Answers with the number of another connection are no state that is shared by design, nor is their order. */
function mayNeedCompany({ verdict, observation, isTargetGone }: Judged): boolean {
  if (isTargetGone === true || observation.received.some(isForeign)) return false;
  return verdict.kind === 'flaky' || (verdict.kind === 'fail' && verdict.failure !== 'other-order');
}

/**
 * Whether a request that is not whole yet changes what another connection gets: it asks for nothing, so nothing that is shared by design
 * explains that.
 */
export async function areBytesShared(exchange: Exchange, runOnce: (trial: Judged['trial']) => Promise<Judged>): Promise<boolean> {
  const drafts = interleave.create(undefined)({ exchange, seed: 1, isReusable: true });
  for (let index = 0; index < drafts.count; index++) {
    const { verdict } = await runOnce({ id: `interleave#${index}`, index: -1, plan: interleave.name, seed: 1, ...drafts.at(index) });
    if (verdict.kind === 'fail') return true;
  }
  return false;
}
