import type { GateDropReason } from './gate.ts';

/** Why a datagram got no answer. A closed set: it labels a metric. */
export type DropReason =
  | GateDropReason
  /** Invalid, not of the kind this session takes, or too many messages. Never answered: an answer to garbage may be answered with garbage. */
  | 'malformed'
  /** The cookie of a JOIN does not match its address, or is too old. */
  | 'bad-cookie'
  /** A room message from a peer that is not a member. */
  | 'not-joined'
  /** A room message from the address of a member, without its key: forged. */
  | 'bad-key'
  /** More members of one address, or of its network, than `--members-per-ip` allows. */
  | 'members-per-ip'
  /** The room has `--peers-max` members. */
  | 'room-full'
  /** The members of its address, or of its network, cause more copies than `--rate-member`. */
  | 'rate-member'
  /** Too many copies wait to be sent. */
  | 'room-busy'
  /** Its answer would be longer than it is, and its address is not proven. */
  | 'amplification'
  /** Too many datagrams wait for the operator. */
  | 'queue-full'
  /** Its address is of a network of this machine, unproven, and no machine is known to have it, while much waits for such. */
  | 'neighbor-unknown'
  /** The system takes answers more slowly than they are made. */
  | 'send-queue-full'
  /** Its answer was dropped by `--loss`. */
  | 'impaired'
  /** Too many answers are held back by `--delay` or `--reorder`. */
  | 'delay-queue-full'
  /** It arrived after the service began to end, or after the one datagram of `--once`. */
  | 'closing';

/** Every {@link DropReason}, for the metric and its documentation. */
export const DROP_REASONS: readonly DropReason[] = [
  'source-port-low',
  'source-port-service',
  'source-unspecified',
  'source-multicast',
  'source-broadcast',
  'source-reserved',
  'source-own-endpoint',
  'denied',
  'blocked',
  'too-long',
  'group-unproven',
  'rate-ip',
  'rate-prefix',
  'rate-total',
  'loop',
  'malformed',
  'bad-cookie',
  'not-joined',
  'bad-key',
  'members-per-ip',
  'room-full',
  'rate-member',
  'room-busy',
  'amplification',
  'queue-full',
  'neighbor-unknown',
  'send-queue-full',
  'impaired',
  'delay-queue-full',
  'closing',
];
