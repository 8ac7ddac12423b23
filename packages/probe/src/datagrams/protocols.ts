import { ProbeError } from '../errors.ts';
import { parseConversation } from '../exchange/conversation.ts';
import { parseMask } from '../trial/masks.ts';
import { parseDatagramId } from './base/exchange.ts';
import type { ReadyExchange } from '../exchange/protocols/base/ready-exchange.ts';
import type { Mask } from '../trial/masks.ts';
import type { Exchange } from '../types.ts';
import type { AllowableFailure, DatagramId } from './base/types.ts';

/** An exchange of datagrams that every server of a protocol answers. */
export interface ReadyDatagrams extends ReadyExchange {
  /** As `parseDatagramId` takes it. */
  readonly id: string;
  /** What the protocol allows, and a reason for each. */
  readonly allowed: readonly AllowableFailure[];
}

/** DNS (RFC 1035): the address of localhost. It cannot prove addresses (RFC 5358), and may answer a copy with another order of records. */
const dns: ReadyDatagrams = {
  name: 'dns',
  summary: 'DNS: the IPv4 address of localhost',
  masks: [],
  id: '0:2',
  allowed: ['amplifies', 'answered-anew'],
  conversation: {
    name: 'DNS: A of localhost',
    steps: [{ send: { hex: '0000 0100 0001 0000 0000 0000 09 6c6f63616c686f7374 00 0001 0001' } }, { expect: 'control' }],
  },
};

/** CoAP (RFC 7252): GET of /.well-known/core, confirmable; a copy has the same message id, and is answered as the first (4.5). */
const coap: ReadyDatagrams = {
  name: 'coap',
  summary: 'CoAP: GET of /.well-known/core, confirmable',
  // The message id and the token are ours; what the server says of itself may be long.
  masks: [],
  id: '2:2',
  allowed: ['amplifies'],
  conversation: {
    name: 'CoAP: GET /.well-known/core',
    steps: [{ send: { hex: '44 01 0000 736c6162 bb 2e77656c6c2d6b6e6f776e 04 636f7265' } }, { expect: 'control' }],
  },
};

/** SNMP v2c (RFC 3416): GET of sysObjectID for the community public; three bytes of the request id differ, so that it stays positive. */
const snmp: ReadyDatagrams = {
  name: 'snmp',
  summary: 'SNMP v2c: GET of sysObjectID for the community public',
  masks: [],
  id: '18:3',
  allowed: ['answered-anew'],
  conversation: {
    name: 'SNMP: GET sysObjectID',
    steps: [
      {
        send: { hex: '30 29 020101 04 06 7075626c6963 a0 1c 02 04 40000000 020100 020100 30 0e 30 0c 06 08 2b06010201010200 0500' },
      },
      { expect: 'control' },
    ],
  },
};

/** NTP (RFC 5905): a client's question; its transmit timestamp comes back as the origin timestamp, all times of the server differ. */
const ntp: ReadyDatagrams = {
  name: 'ntp',
  summary: "NTP: a client's question for the time",
  // From stratum to reference timestamp the server tells of itself; then come the origin, which is ours, and two times.
  masks: [String.raw`(?<keep>^[\s\S])[\s\S]{23}`, String.raw`[\s\S]{16}(?![\s\S])`],
  id: '40:8',
  allowed: ['answered-anew'],
  conversation: {
    name: 'NTP: what time is it',
    steps: [{ send: { hex: `23 ${'00'.repeat(47)}` } }, { expect: 'control' }],
  },
};

/** Every protocol with a ready exchange over UDP, in the order of help texts. */
export const DATAGRAM_PROTOCOLS: readonly ReadyDatagrams[] = [dns, coap, snmp, ntp];

/** What `probeDatagrams` takes for a protocol. */
export interface DatagramProtocol {
  readonly exchange: Exchange;
  readonly masks: readonly Mask[];
  readonly id: DatagramId;
  readonly allowed: readonly AllowableFailure[];
}

/**
 * The ready exchange of a protocol over UDP, and what it allows.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` naming those there are.
 */
export function datagramProtocol(name: string): DatagramProtocol {
  const ready = DATAGRAM_PROTOCOLS.find((each) => each.name === name);
  if (ready === undefined) {
    const names = DATAGRAM_PROTOCOLS.map((each) => each.name).join(', ');
    throw new ProbeError('PROBE_ERR_EXCHANGE', `there is no exchange over UDP ready for ${JSON.stringify(name)}, only for ${names}`);
  }
  const { conversation, masks, id, allowed } = ready;
  return { exchange: parseConversation(JSON.stringify(conversation)), masks: masks.map(parseMask), id: parseDatagramId(id), allowed };
}
