import { ProbeError } from '../errors.ts';
import { optional } from '../optional.ts';
import { framesOf } from './frames.ts';
import { MAX_SEND_BYTES, MAX_STEPS } from './limits.ts';
import type { Bytes, Exchange, SendStep, Step, Until } from '../types.ts';

/** One step as a caller writes it; frames are found here. */
export type StepInput =
  | {
      readonly send: Bytes;
      readonly end?: boolean;
      /** As in `SendStep`. */
      readonly glue?: boolean;
      /** Instead of the framing of the exchange. */
      readonly framing?: string;
    }
  | { readonly expect: Until };

export interface ExchangeOptions {
  readonly name?: string;
  /** Name of a framing of `@socklab/framing`: needed by plans that cut at frames. */
  readonly framing?: string;
  /** What to send and to wait for. A wait is added at the end where there is none. */
  readonly steps: readonly StepInput[];
}

/**
 * Checks an exchange and finds its frames.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` when it sends nothing or is over a limit, `PROBE_ERR_FRAMING` when the bytes of a send
 * are not whole frames of the framing.
 */
export function createExchange({ name, framing, steps }: ExchangeOptions): Exchange {
  if (steps.length > MAX_STEPS) throw wrong(`${steps.length} steps, limit ${MAX_STEPS}`);
  const made = steps.map((step, index) => makeStep(step, index, framing));
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

function makeStep(step: StepInput, index: number, exchangeFraming: string | undefined): Step {
  if (!('send' in step)) return step;
  const { send, end, glue, framing = exchangeFraming } = step;
  if (send.length === 0) throw wrong(`step ${index} sends nothing, at least 1 byte is needed`);
  if (send.length > MAX_SEND_BYTES) throw wrong(`step ${index} sends ${send.length} bytes, limit ${MAX_SEND_BYTES}`);
  const made: SendStep = { send, ...(end === true ? { end } : {}), ...optional('glue', glue) };
  return framing === undefined ? made : { ...made, frames: framesOf(send, framing) };
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_EXCHANGE', what);
}
