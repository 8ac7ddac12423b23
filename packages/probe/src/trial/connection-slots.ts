import { concatBytes } from '../bytes/concat-bytes.ts';
import { ProbeError } from '../errors.ts';
import { captured, filledSlots, namedSlots, nextNumber, TRIAL_SLOT } from '../exchange/slots.ts';
import { expectsOfWait, sendsOf } from '../plans/base/steps.ts';
import type { Await, Burst, Bytes, Exchange, SendStep } from '../types.ts';

/** The values of an exchange's slots on one connection. */
export interface ConnectionSlots {
  /** The bytes of a burst for this connection. @throws ProbeError `PROBE_ERR_EXCHANGE` for a reply of another length. */
  bytesOf(burst: Burst): Bytes;
  /** Stores what a wait captures of its answer; returns what was missing. */
  take(wait: Await, answer: Bytes): string | undefined;
  /** An answer with this connection's values replaced by the names of slots. */
  named(answer: Bytes): Bytes;
}

/** Makes the {@link ConnectionSlots} of a new connection. */
export function createConnectionSlots(exchange: Exchange): ConnectionSlots {
  const sends = sendsOf(exchange);
  const values = new Map<string, Bytes>();
  if (sends.some(({ slots }) => slots?.some(({ name }) => name === TRIAL_SLOT))) values.set(TRIAL_SLOT, nextNumber());
  return {
    bytesOf: (burst) => concatBytes(burst.sends.map((send) => sentBytes(sends[send]!, values))),
    take(wait, answer) {
      for (const capture of expectsOfWait(exchange, wait).flatMap(({ captures = [] }) => captures)) {
        const value = captured(answer, capture);
        if (value === undefined) return `there is nothing for the capture ${capture.name} in answer ${wait.answers.join('-')}`;
        values.set(capture.name, value);
      }
      return undefined;
    },
    named: (answer) => namedSlots(answer, values),
  };
}

function sentBytes({ send, slots, reply }: SendStep, values: ReadonlyMap<string, Bytes>): Bytes {
  if (reply !== undefined) return checked(reply(values), send.length);
  return slots === undefined ? send : filledSlots(send, slots, values);
}

function checked(reply: Bytes, wanted: number): Bytes {
  if (reply.length === wanted) return reply;
  throw new ProbeError(
    'PROBE_ERR_EXCHANGE',
    `a reply of ${reply.length} bytes, its send says ${wanted}: cuts are planned before it is made`,
  );
}
