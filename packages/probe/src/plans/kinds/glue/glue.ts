import { draftsOf, readCount, withoutDrafts } from '../../base/plan.ts';
import { expectsOf, gluedSteps, roundsOf, roundsSteps, sendsLength, sendsOf } from '../../base/steps.ts';
import type { Exchange, SendStep } from '../../../types.ts';
import type { Drafts, PlanContext, PlanEntry } from '../../base/plan.ts';

/** Most requests in one write. */
const MAX_GLUED = 1000;

/** Most bytes of one write. */
const MAX_GLUED_BYTES = 67_108_864;

/**
 * Several requests in one write. An exchange of one send is repeated N times; of one with several sends, any N consecutive ones are
 * glued, and the answers awaited after them. Sends with a wait in between are not glued, because what follows an answer may have
 * another reader, such as a mail after DATA, unless the exchange says `glue: true`. Where fewer follow each other all of them are
 * glued; where the first one says `glue: true` too, so that it may follow the last, whole rounds of the exchange are, N sends or more.
 */
export const glue: PlanEntry = {
  name: 'glue',
  usage: 'glue:N',
  summary: 'N requests in one write: one of them N times, or any N that follow each other',
  needsFrames: false,
  create: (argument) => {
    const requests = readCount(argument, 'glue:N', { min: 2, max: MAX_GLUED });
    return (context) => draft(context, requests);
  },
};

function draft(context: PlanContext, requests: number): Drafts {
  const { exchange } = context;
  const sends = sendsOf(exchange);
  const isShort = sends.length < requests && isCircle(exchange);
  if (sends.length === 1 || (isShort && repeatFaultOf(context) === undefined)) return ofRounds(context, Math.ceil(requests / sends.length));
  const runs = gluableRuns(exchange);
  const windows = runs.flatMap((run) => windowsOf(run, requests));
  if (windows.length === 0) return withoutDrafts(AWAITED);
  const longest = Math.max(...runs.map(({ first, last }) => last - first + 1));
  const drafts = draftsOf(windows, ({ first, last }) => ({ repeat: 1, steps: gluedSteps(exchange, first, last) }));
  if (longest >= requests) return drafts;
  return { ...drafts, untried: `${requests} requests in one write: at most ${longest} follow each other without a wait` };
}

function ofRounds(context: PlanContext, rounds: number): Drafts {
  const { exchange } = context;
  const fault = repeatFaultOf(context);
  if (fault !== undefined) return withoutDrafts(`${ONE_WRITE}: ${fault}`);
  if (sendsLength(exchange, roundsOf(exchange, 1)) * rounds > MAX_GLUED_BYTES)
    return withoutDrafts(`${ONE_WRITE}: together they have more than ${MAX_GLUED_BYTES} bytes`);
  return draftsOf([rounds], (repeat) => ({ repeat, steps: roundsSteps(exchange, repeat) }));
}

const ONE_WRITE = 'a second request in the same write';

/** Whether each send of several may share a write with the one before, and the first with the last. */
function isCircle(exchange: Exchange): boolean {
  const sends = sendsOf(exchange);
  const [run] = gluableRuns(exchange);
  return sends[0]?.glue === true && run?.first === 0 && run.last === sends.length - 1;
}

/** The reason given when an exchange waits between all of its sends. */
export const AWAITED: string = `${ONE_WRITE}: an answer is awaited between any two, and none is marked "glue": true`;

/** Why an exchange cannot be repeated on the same connection; undefined when it can. */
export function repeatFaultOf({ exchange, isReusable }: PlanContext): string | undefined {
  const sends = sendsOf(exchange);
  if (!isReusable || expectsOf(exchange).some(({ expect }) => expect.kind === 'close')) return 'the connection ends with the answer';
  if (sends.some(({ end }) => end === true)) return 'our side ends after the request';
  return sends[0]?.glue === false ? 'the request is marked "glue": false' : undefined;
}

/** Consecutive sends, by number, including the last. */
interface Run {
  readonly first: number;
  readonly last: number;
}

/** Any `width` consecutive sends of a run; all of it, when it has fewer. */
function windowsOf({ first, last }: Run, width: number): readonly Run[] {
  const past = Math.min(width, last - first + 1) - 1;
  return Array.from({ length: last - past - first + 1 }, (_, index) => ({ first: first + index, last: first + index + past }));
}

/** The longest runs of two or more sends that may share a write. */
function gluableRuns(exchange: Exchange): readonly Run[] {
  const runs: Run[] = [];
  const last = sendsOf(exchange).length - 1;
  const isGluable = gluableBehind(exchange);
  let first = 0;
  for (let send = 0; send <= last; send++) {
    if (isGluable(send)) continue;
    if (send > first) runs.push({ first, last: send });
    first = send + 1;
  }
  return runs;
}

/** Whether the send after this one may be sent in the same write. */
export function gluableBehind(exchange: Exchange): (send: number) => boolean {
  const gluable: boolean[] = [];
  let before: SendStep | undefined;
  let isAwaited = false;
  for (const step of exchange.steps) {
    if (!('send' in step)) {
      isAwaited = true;
      continue;
    }
    if (before !== undefined) gluable.push(before.end !== true && (step.glue ?? !isAwaited));
    before = step;
    isAwaited = false;
  }
  return (send) => gluable[send] === true;
}
