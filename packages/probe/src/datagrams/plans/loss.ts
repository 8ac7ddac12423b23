import { plainActions, sendsOf } from '../base/exchange.ts';
import { around, sendOf, silently } from './plan.ts';
import type { DatagramPlanEntry } from './plan.ts';

/** A datagram that never comes: what follows it is sent all the same. */
export const lose: DatagramPlanEntry = {
  name: 'lose',
  summary: 'one datagram never arrives, the others do; nothing needs to be answered',
  create: ({ exchange }) => ({
    trials: sendsOf(exchange).flatMap((_, send) => {
      const { before, beside, after } = around(plainActions(exchange), send);
      const actions = [...before, ...silently([...beside, ...after])];
      if (!actions.some(({ kind }) => kind === 'send')) return [];
      return [{ id: `lose:${send}`, plan: 'lose', what: `datagram ${send} never arrives`, actions, allows: 'any' }];
    }),
    ...(sendsOf(exchange).length === 1 ? { untried: 'a lost datagram before others: the exchange has one' } : {}),
  }),
};

/** A client that does what it must where an answer does not come. */
export const resend: DatagramPlanEntry = {
  name: 'resend',
  summary: 'one datagram, or the answer to it, is lost and it is sent again after a silence; answered as before',
  create: ({ exchange }) => ({
    trials: sendsOf(exchange).map((_, send) => {
      const { before, beside, after, isAlone } = around(plainActions(exchange), send);
      const [wait, ...rest] = after;
      const silence = wait === undefined ? [] : silently([wait]);
      const late = [sendOf(send), ...(wait === undefined ? [] : [wait]), ...rest];
      return {
        id: `resend:${send}`,
        plan: 'resend',
        what: `datagram ${send} is lost, and sent again after a silence`,
        actions: isAlone ? [...before, ...silence, ...late] : [...before, ...beside, ...silence, ...silently(late)],
        allows: isAlone ? 'same' : 'any',
      };
    }),
  }),
};

/** A client that is gone in the middle. */
export const vanish: DatagramPlanEntry = {
  name: 'vanish',
  summary: 'nothing follows one datagram: the client is gone; what the first one brings is compared with its size',
  create: ({ exchange }) => ({
    trials: sendsOf(exchange).map((_, send) => {
      const { before, beside, after } = around(plainActions(exchange), send);
      // What it brings is listened to, though nobody is there who answers.
      const [wait] = after;
      const brought = wait === undefined ? [] : beside.length === 0 ? [wait] : silently([wait]);
      return {
        id: `vanish:${send}`,
        plan: 'vanish',
        what: `the client is gone after datagram ${send}`,
        actions: [...before, sendOf(send), ...brought],
        allows: 'any',
      };
    }),
  }),
};
