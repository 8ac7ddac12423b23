import { plainActions, sendsOf } from '../base/exchange.ts';
import { around, sendOf, silently } from './plan.ts';
import type { Exchange } from '../../types.ts';
import type { DatagramAction, DatagramTrial } from '../base/types.ts';
import type { DatagramPlanEntry } from './plan.ts';

/** A network may deliver a datagram twice. */
export const double: DatagramPlanEntry = {
  name: 'double',
  summary: 'one datagram arrives twice in a row; answered as before, once or twice',
  create: ({ exchange }) => ({
    trials: sendsOf(exchange).map((_, send) => {
      const { before, beside, after } = around(plainActions(exchange), send);
      const actions = [...before, sendOf(send), sendOf(send), ...beside, ...after];
      return { id: `double:${send}`, plan: 'double', what: `datagram ${send} arrives twice`, actions, allows: 'same' };
    }),
  }),
};

/** A copy that took a longer way. */
export const late: DatagramPlanEntry = {
  name: 'late',
  summary: 'a copy of one datagram arrives when the exchange is over; answered as before, then again, otherwise or not at all',
  create: ({ exchange, delayMs: ms }) => ({
    trials: sendsOf(exchange).map((_, send) => ({
      id: `late:${send}`,
      plan: 'late',
      what: `a copy of datagram ${send} arrives ${ms} ms after the end`,
      actions: [...plainActions(exchange), { kind: 'pause', ms }, sendOf(send)],
      allows: 'same',
    })),
  }),
};

/** A datagram that is held up. */
export const delay: DatagramPlanEntry = {
  name: 'delay',
  summary: 'one datagram arrives late, behind those sent together with it; answered as before where nothing overtakes it',
  create: ({ exchange, delayMs: ms }) => {
    const trials = sendsOf(exchange).flatMap((_, send): DatagramTrial[] => {
      const { before, beside, after, isAlone } = around(plainActions(exchange), send);
      const rest: readonly DatagramAction[] = [{ kind: 'pause', ms }, sendOf(send), ...after];
      if (before.length === 0 && beside.length === 0) return [];
      return [
        {
          id: `delay:${send}`,
          plan: 'delay',
          what: `datagram ${send} arrives ${ms} ms late`,
          actions: [...before, ...beside, ...rest],
          allows: isAlone ? 'same' : 'any',
        },
      ];
    });
    return { trials, ...(trials.length === 0 ? { untried: 'a delay between datagrams: the exchange has one' } : {}) };
  },
};

/** Two datagrams that change places. */
export const swap: DatagramPlanEntry = {
  name: 'swap',
  summary: 'one datagram arrives before the one that was sent before it; anything may be answered',
  create: ({ exchange }) => {
    const trials = sendsOf(exchange).flatMap((_, send) => swapped(exchange, send));
    return {
      trials,
      ...(trials.length === 0
        ? { untried: 'swapped datagrams: there are no two of which the second does not need the answer to the first' }
        : {}),
    };
  },
};

function swapped(exchange: Exchange, send: number): readonly DatagramTrial[] {
  const next = sendsOf(exchange)[send + 1];
  // What sends back an answer cannot be sent before it.
  if (next === undefined || next.reply !== undefined || next.slots?.some(({ name }) => !isKnownBefore(exchange, send, name)) === true)
    return [];
  const first = around(plainActions(exchange), send);
  const second = around(plainActions(exchange), send + 1);
  const between = plainActions(exchange).slice(first.before.length + 1, second.before.length);
  const actions = [...first.before, ...silently([sendOf(send + 1), sendOf(send), ...between, ...second.beside, ...second.after])];
  return [{ id: `swap:${send}`, plan: 'swap', what: `datagram ${send + 1} arrives before datagram ${send}`, actions, allows: 'any' }];
}

/** Whether what a send repeats was taken from an answer before that send, or from none. */
function isKnownBefore({ steps }: Exchange, send: number, name: string): boolean {
  if (name === 'trial') return true;
  const place = steps.indexOf(sendsOf({ steps })[send]!);
  return steps.slice(0, place).some((step) => 'expect' in step && step.captures?.some((each) => each.name === name) === true);
}
