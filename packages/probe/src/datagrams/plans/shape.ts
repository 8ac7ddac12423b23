import { MAX_DATAGRAM_BYTES, plainActions, sendsOf } from '../base/exchange.ts';
import { around, silently } from './plan.ts';
import type { Exchange } from '../../types.ts';
import type { DatagramAction, DatagramTrial } from '../base/types.ts';
import type { Around, DatagramPlanContext, DatagramPlanEntry } from './plan.ts';

/** A datagram of which the end is missing: a buffer that was too short, or somebody who tries. */
export const truncate: DatagramPlanEntry = {
  name: 'truncate',
  summary: 'only the first bytes of one datagram arrive, none to all but one; anything may be answered, and the whole one afterwards',
  create: (context) => {
    const sends = sendsOf(context.exchange);
    const kept = sends.map(({ send }) => lengthsOf(send.length, context.maxTruncations));
    const left = sends.flatMap(({ send }, index) => {
      const untried = send.length - kept[index]!.length;
      return untried === 0 ? [] : [`${untried} of ${send.length} lengths of datagram ${index}`];
    });
    return {
      trials: kept.flatMap((lengths, send) => lengths.map((keep) => truncated(context, send, keep))),
      ...(left.length === 0 ? {} : { untried: `truncated datagrams: ${left.slice(0, 3).join(', ')}${left.length > 3 ? ' and more' : ''}` }),
    };
  },
};

function truncated({ exchange }: DatagramPlanContext, send: number, keep: number): DatagramTrial {
  const { before, beside, after } = around(plainActions(exchange), send);
  const short: DatagramAction = { kind: 'send', sends: [send], keep };
  // The rest is left out: it would be the answer to an answer that is not the control's.
  const [wait] = after;
  return {
    id: `truncate:${send}@${keep}`,
    plan: 'truncate',
    what: `of datagram ${send} arrive the first ${keep} bytes`,
    actions: [...before, short, ...silently([...beside, ...(wait === undefined ? [] : [wait])])],
    allows: 'any',
  };
}

/** The lengths to try: all of them, or half from the start, where headers are, a quarter from the end, the rest in between. */
function lengthsOf(byteLength: number, most: number): readonly number[] {
  if (byteLength <= most) return Array.from({ length: byteLength }, (_, length) => length);
  const head = Math.ceil(most / 2);
  const tail = Math.min(most - head, Math.ceil(most / 4));
  const middle = most - head - tail;
  const lengths = new Set<number>();
  for (let length = 0; length < head; length++) lengths.add(length);
  for (let step = 1; step <= middle; step++) lengths.add(head + Math.floor(((byteLength - tail - head) * step) / (middle + 1)));
  for (let length = byteLength - tail; length < byteLength; length++) lengths.add(length);
  return [...lengths];
}

/** How many messages share a datagram unless another number is given. */
const GLUED = 2;

/** Several messages in one datagram, for protocols that allow it: those that are sent together, or one several times. */
export const glue: DatagramPlanEntry = {
  name: 'glue',
  usage: 'glue:N',
  summary:
    'N datagrams arrive as one, two without a number, where the protocol coalesces; the same bytes are answered, in one datagram or in more',
  create: ({ exchange }, count = GLUED) => {
    const groups = sendsOf(exchange).flatMap((_, first) => groupAt(exchange, first, count));
    const trials = groups.filter(({ sends }) => bytesOf(exchange, sends) <= MAX_DATAGRAM_BYTES).map((group) => glued(group, count));
    if (trials.length === 0) return { trials, untried: `${count} datagrams in one: they are too long` };
    const most = Math.max(...groups.map(({ sends }) => sends.length));
    return most < count ? { trials, untried: `${count} datagrams in one: at most ${most} are sent together` } : { trials };
  },
};

/** Datagrams that share one, and the steps around them. */
interface Group extends Around {
  readonly sends: readonly number[];
}

/** The group that begins with a datagram; none where it would be a part of the one before. */
function groupAt(exchange: Exchange, first: number, count: number): readonly Group[] {
  const actions = plainActions(exchange);
  const place = around(actions, first);
  const following = place.beside.flatMap((action) => (action.kind === 'send' ? action.sends : []));
  if (place.isAlone) return [{ ...place, sends: Array.from({ length: count }, () => first) }];
  const sends = [first, ...following.slice(0, count - 1)];
  const isFirst = place.before.at(-1)?.kind !== 'send';
  return sends.length === count || (isFirst && sends.length > 1) ? [{ ...place, sends }] : [];
}

function bytesOf(exchange: Exchange, sends: readonly number[]): number {
  const all = sendsOf(exchange);
  return sends.reduce((sum, send) => sum + all[send]!.send.length, 0);
}

function glued({ sends, before, beside, after }: Group, count: number): DatagramTrial {
  const [first, second] = sends as readonly [number, number];
  const [wait] = after;
  const isOne = first === second;
  const times = count === 2 ? 'twice' : `${count} times`;
  return {
    id: `glue:${count}@${first}`,
    plan: 'glue',
    what: isOne ? `datagram ${first} ${times} in one` : `datagrams ${sends.slice(0, -1).join(', ')} and ${sends.at(-1)} in one`,
    actions: [...before, { kind: 'send', sends }, ...beside.slice(isOne ? 0 : sends.length - 1), ...silently(after)],
    allows: 'joined',
    ...(isOne && wait?.kind === 'wait' ? { repeated: { wait: wait.wait, times: count } } : {}),
  };
}
