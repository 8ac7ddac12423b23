import { MAX_DATAGRAM_BYTES, plainActions, sendsOf } from '../base/exchange.ts';
import { around, silently } from './plan.ts';
import type { DatagramAction, DatagramTrial } from '../base/types.ts';
import type { DatagramPlanContext, DatagramPlanEntry } from './plan.ts';

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

/** Two messages in one datagram, for protocols that allow it. */
export const glue: DatagramPlanEntry = {
  name: 'glue',
  summary: 'two datagrams arrive as one, where the protocol coalesces; the same bytes are answered, in one datagram or in more',
  create: ({ exchange }) => {
    const trials = sendsOf(exchange).flatMap(({ send }, index): DatagramTrial[] => {
      const { before, beside, after } = around(plainActions(exchange), index);
      const [next, ...others] = beside;
      const [wait] = after;
      const second = next?.kind === 'send' ? next.sends[0]! : index;
      const byteLength = send.length + (sendsOf(exchange)[second]?.send.length ?? 0);
      const isFirst = plainActions(exchange)[before.length - 1]?.kind !== 'send';
      if (byteLength > MAX_DATAGRAM_BYTES || (second === index && !isFirst)) return [];
      return [
        {
          id: `glue:${index}`,
          plan: 'glue',
          what: second === index ? `datagram ${index} twice in one` : `datagrams ${index} and ${second} in one`,
          actions: [...before, { kind: 'send', sends: [index, second] }, ...(second === index ? beside : others), ...silently(after)],
          allows: 'joined',
          ...(second === index && wait?.kind === 'wait' ? { twice: wait.wait } : {}),
        },
      ];
    });
    return { trials, ...(trials.length === 0 ? { untried: 'two datagrams in one: they are too long' } : {}) };
  },
};
