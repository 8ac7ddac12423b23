import { ProbeError } from '../errors.ts';
import { optional } from '../optional.ts';
import { framesOf } from './frames.ts';
import { MAX_SEND_BYTES, MAX_STEPS } from './limits.ts';
import { checkCapture, slotsOf, TRIAL_SLOT } from './slots.ts';
import type { Bytes, Capture, Exchange, ExpectStep, Reply, SendStep, Step, Until } from '../types.ts';

/** One step as a caller writes it; its frames are found here. */
export type StepInput =
  | {
      readonly send: Bytes;
      readonly end?: boolean;
      /** As in `SendStep`. */
      readonly glue?: boolean;
      /** As in `SendStep`. */
      readonly cut?: boolean;
      /** Overrides the framing of the exchange. */
      readonly framing?: string;
      /** Computes what is sent, of the same length as `send`, which shows plans where to cut. */
      readonly reply?: Reply;
    }
  | {
      readonly expect: Until;
      /** What is sent back later, as `{{name}}` in a send or by a `reply`. */ readonly capture?: readonly CaptureInput[];
    };

/** A capture as a caller writes it. */
export type CaptureInput = Omit<Capture, 'pattern'> & { readonly pattern?: RegExp | string };

export interface ExchangeOptions {
  readonly name?: string;
  /** Name of a framing of `@socklab/framing`: needed by plans that cut at frames. */
  readonly framing?: string;
  /** What to send and what to wait for. A wait is added at the end if there is none. */
  readonly steps: readonly StepInput[];
  /** Whether `{{trial}}` in a send is sent literally. @defaultValue false */
  readonly isLiteral?: boolean;
}

/**
 * Checks an exchange and finds its frames.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` when it sends nothing or is over a limit, `PROBE_ERR_FRAMING` when the bytes of a send
 * are not whole frames of the framing.
 */
export function createExchange({ name, framing, steps, isLiteral = false }: ExchangeOptions): Exchange {
  if (steps.length > MAX_STEPS) throw wrong(`${steps.length} steps, limit ${MAX_STEPS}`);
  const captures = new Map<string, number>();
  const made = steps.map((step, index) => makeStep(step, index, { framing, captures, isLiteral }));
  if (!made.some((step) => 'send' in step)) throw wrong('nothing is sent: an exchange has at least one send that is not empty');
  const last = made.at(-1);
  if (last !== undefined && 'send' in last) made.push({ expect: { kind: 'control' } });
  return { ...(name === undefined ? {} : { name }), ...(framing === undefined ? {} : { framing }), steps: made };
}

/** The exchange of one request and its answer. */
export function requestExchange(
  request: Bytes,
  options: { readonly name?: string; readonly framing?: string; readonly until?: Until } = {},
): Exchange {
  const { until = { kind: 'control' }, ...rest } = options;
  return createExchange({ ...rest, steps: [{ send: request }, { expect: until }] });
}

interface Making {
  readonly framing: string | undefined;
  /** The lengths of the captures so far. */
  readonly captures: Map<string, number>;
  readonly isLiteral: boolean;
}

function makeStep(step: StepInput, index: number, { framing: exchangeFraming, captures, isLiteral }: Making): Step {
  if (!('send' in step)) return makeExpect(step, captures);
  const { end, glue, cut, reply, framing = exchangeFraming } = step;
  const { send, slots } = isLiteral ? { send: step.send, slots: [] } : slotsOf(step.send, captures);
  if (send.length === 0) throw wrong(`step ${index} sends nothing, at least 1 byte is needed`);
  if (send.length > MAX_SEND_BYTES) throw wrong(`step ${index} sends ${send.length} bytes, limit ${MAX_SEND_BYTES}`);
  const isAnswering = reply !== undefined || slots.some(({ name }) => name !== TRIAL_SLOT);
  if (isAnswering && glue === true)
    throw wrong(`step ${index} sends back what an answer brings, so it cannot share a write with what comes before`);
  const made: SendStep = {
    send,
    ...(end === true ? { end } : {}),
    ...(isAnswering ? { glue: false } : optional('glue', glue)),
    ...optional('cut', cut),
    ...optional('slots', slots.length === 0 ? undefined : slots),
    ...optional('reply', reply),
  };
  return framing === undefined ? made : { ...made, frames: framesOf(send, framing) };
}

function makeExpect({ expect, capture }: Extract<StepInput, { readonly expect: Until }>, known: Map<string, number>): ExpectStep {
  const captures = capture?.map(checkCapture);
  for (const { name, bytes } of captures ?? []) known.set(name, bytes);
  return { expect, ...optional('captures', captures) };
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_EXCHANGE', what);
}
