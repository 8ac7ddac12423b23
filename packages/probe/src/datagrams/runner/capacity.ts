import { excerptOf } from '../../report/model.ts';
import { plainActions } from '../base/exchange.ts';
import { compareAnswers } from '../trial/answers.ts';
import { isAnswering, probeAlive } from '../trial/judge.ts';
import { openPeer } from '../trial/peer.ts';
import { play } from '../trial/play.ts';
import type { Exchange } from '../../types.ts';
import type { DatagramVerdict } from '../base/types.ts';
import type { PlannedDatagrams } from '../plans/registry.ts';
import type { DatagramRun, JudgeSetting } from '../trial/judge.ts';

/** Whether the unharmed exchange is answered as before to an address that has just done it. */
export async function isAnsweredTwice({ address, play: setting }: JudgeSetting, signal: AbortSignal | undefined): Promise<boolean> {
  const peer = await openPeer(address);
  try {
    await play(peer, plainActions(setting.exchange), setting, { signal });
    const { answers, values } = await play(peer, plainActions(setting.exchange), setting, { signal });
    const came = answers.map(({ arrival }) => arrival.bytes);
    return compareAnswers(came, setting.due, values, setting.masks).missing.length === 0;
  } finally {
    peer.close();
  }
}

/** How many trials run at once. */
export interface Capacity {
  readonly concurrency: number;
  /** Why fewer than wanted, a clause. */
  readonly detail?: string;
  /** Whether some of them got what belongs to others, though nothing was harmed. */
  readonly isMixed: boolean;
  /** Whether nobody is answered any more since then. */
  readonly isSilenced: boolean;
}

/**
 * Most answers that are awaited at once: they may all come in one turn of the event loop, which stops for as long, and more of them
 * than a receive buffer takes are lost.
 */
const MAX_ANSWERS_AT_ONCE = 2000;

/**
 * Finds how many exchanges at once the target answers, unharmed, at most `wanted`: one that drops datagrams under load, or limits
 * their rate, must not be blamed for it later. Answers that belong to another address are no lack of capacity: trials are to show them.
 */
export async function findCapacity(setting: JudgeSetting, wanted: number, signal: AbortSignal | undefined): Promise<Capacity> {
  const reasons = new Set<Reason>();
  const most = Math.max(1, Math.floor(MAX_ANSWERS_AT_ONCE / Math.max(1, setting.play.due.length)));
  if (most < wanted) reasons.add('many answers');
  for (let concurrency = Math.min(wanted, most); concurrency > 1; concurrency = Math.floor(concurrency / 4)) {
    const states = await Promise.all(Array.from({ length: concurrency }, () => probeAlive(setting, signal, 1)));
    const isMixed = states.includes('foreign');
    if (isMixed || states.every((state) => state === 'same')) return { concurrency, isMixed, isSilenced: false, ...said(reasons) };
    reasons.add(states.includes('other') ? 'otherwise' : 'not at all');
  }
  const isSilenced = (reasons.has('otherwise') || reasons.has('not at all')) && !isAnswering(await probeAlive(setting, signal));
  return { concurrency: 1, isMixed: false, isSilenced, ...said(reasons) };
}

/** The plan of what is done at once before anything is harmed, with its only trial. */
export function unharmedPlan(exchange: Exchange): PlannedDatagrams {
  const what = 'several addresses do the unharmed exchange at once';
  return { plan: 'unharmed', trials: [{ id: 'unharmed', plan: 'unharmed', what, actions: plainActions(exchange), allows: 'same' }] };
}

/** What that showed, as the run of its trial. */
export function unharmedRun({ trials: [trial] }: PlannedDatagrams, capacity: Capacity): DatagramRun {
  const verdict = unharmedVerdict(capacity);
  const nothing = { bytesIn: 0, bytesOut: 0, datagramsOut: 0 };
  return { trial: trial!, verdict, amplification: nothing, received: NOTHING, expected: NOTHING, isRefused: false, state: 'same' };
}

function unharmedVerdict({ isMixed, isSilenced }: Capacity): DatagramVerdict {
  if (isMixed)
    return { kind: 'fail', failure: 'mixed-answer', detail: 'an answer has the number of another address, and nothing was harmed yet' };
  if (isSilenced)
    return { kind: 'fail', failure: 'hang', detail: 'several addresses asked at once, nothing was harmed, and then nobody is answered' };
  return { kind: 'same' };
}

const NOTHING = excerptOf(new Uint8Array(0));

type Reason = 'otherwise' | 'not at all' | 'many answers';

function said(reasons: ReadonlySet<Reason>): Pick<Capacity, 'detail'> {
  if (reasons.has('otherwise'))
    return {
      detail:
        'beside others the unharmed exchange is answered otherwise: what addresses share by design, as a counter, looks like this, and so does state that is mixed up',
    };
  if (reasons.has('many answers') && !reasons.has('not at all'))
    return { detail: `an exchange has many answers, and at most ${MAX_ANSWERS_AT_ONCE} are awaited at once` };
  return reasons.size === 0
    ? {}
    : { detail: 'beside more of them the unharmed exchange is not answered: datagrams are dropped under load, or their rate is limited' };
}
