import { ProbeError } from '../../errors.ts';
import { createExchange } from '../../exchange/create.ts';
import type { StepInput } from '../../exchange/create.ts';
import type { Recording } from '../../exchange/recording.ts';
import type { Bytes, Exchange, ExpectStep, SendStep } from '../../types.ts';
import type { DatagramAction, DatagramId } from './types.ts';

/** Longest datagram that UDP over IPv4 carries, in bytes. */
export const MAX_DATAGRAM_BYTES = 65_507;

/** Most datagrams of one exchange. */
export const MAX_DATAGRAMS = 1000;

/** The sends of an exchange, each of which is one datagram. */
export function sendsOf({ steps }: Exchange): readonly SendStep[] {
  return steps.filter((step) => 'send' in step);
}

/** The waits of an exchange. */
export function expectsOf({ steps }: Exchange): readonly ExpectStep[] {
  return steps.filter((step) => 'expect' in step);
}

/** The unharmed exchange. */
export function plainActions({ steps }: Exchange): readonly DatagramAction[] {
  let sends = 0;
  let waits = 0;
  return steps.map((step) => ('send' in step ? { kind: 'send', sends: [sends++] } : { kind: 'wait', wait: waits++ }));
}

/**
 * Checks whether an exchange can be sent as datagrams.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` for a datagram over the limit, for too many, and for an end that only a stream has.
 */
export function checkDatagrams(exchange: Exchange, id: DatagramId | undefined): void {
  const sends = sendsOf(exchange);
  if (sends.length > MAX_DATAGRAMS) throw wrong(`${sends.length} datagrams, limit ${MAX_DATAGRAMS}`);
  for (const [index, { send, end }] of sends.entries()) {
    if (send.length > MAX_DATAGRAM_BYTES) throw wrong(`datagram ${index} has ${send.length} bytes, limit ${MAX_DATAGRAM_BYTES}`);
    if (end === true) throw wrong(`datagram ${index} ends our side, and UDP has no connection that ends`);
  }
  for (const { expect } of expectsOf(exchange)) {
    if (expect.kind !== 'control' && expect.kind !== 'idle')
      throw wrong(`the answer to datagrams ends at control or idle:200ms, as these are whole by themselves; received ${expect.kind}`);
  }
  if (id !== undefined) checkId(id, sends);
}

function checkId({ at, bytes }: DatagramId, sends: readonly SendStep[]): void {
  const longest = Math.max(...sends.map(({ send }) => send.length));
  if (at + bytes > longest) throw wrong(`an id at bytes ${at} to ${at + bytes - 1}, but the longest datagram has ${longest} bytes`);
}

const FEWEST_ID_BYTES = 2;
const MOST_ID_BYTES = 8;

/**
 * Parses where a transaction id is: `0:2`, its offset in each datagram and its length, 2 to 8 bytes.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE`
 */
export function parseDatagramId(text: string): DatagramId {
  const { at, bytes } = /^(?<at>\d{1,5}):(?<bytes>\d)$/.exec(text)?.groups ?? {};
  const id = { at: Number(at), bytes: Number(bytes) };
  if (id.bytes >= FEWEST_ID_BYTES && id.bytes <= MOST_ID_BYTES) return id;
  throw wrong(
    `an id is OFFSET:LENGTH with a length of ${FEWEST_ID_BYTES} to ${MOST_ID_BYTES} bytes, as 0:2 for DNS, received ${JSON.stringify(text)}`,
  );
}

/** The exchange of some datagrams, each of which is answered before the next one is sent. */
export function datagramExchange(datagrams: readonly Bytes[], name?: string): Exchange {
  const steps = datagrams.flatMap((send): StepInput[] => [{ send }, { expect: { kind: 'control' } }]);
  return createExchange({ ...(name === undefined ? {} : { name }), steps });
}

/**
 * The exchange of the client of a recording: each of its events with bytes is one datagram, and answers are awaited where they came.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` when the client sent nothing.
 */
export function datagramExchangeOf({ name, events }: Recording): Exchange {
  const steps: StepInput[] = [];
  for (const { from, bytes } of events) {
    if (bytes === undefined) continue;
    const last = steps.at(-1);
    if (from === 'client') steps.push({ send: bytes });
    else if (last !== undefined && 'send' in last) steps.push({ expect: { kind: 'control' } });
  }
  return createExchange({ ...(name === undefined ? {} : { name }), steps, isLiteral: true });
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_EXCHANGE', what);
}
