import { endianness } from 'node:os';
import { addressBytes } from './address-digits.ts';
import type { RowAddress } from './tcp-table.ts';

/**
 * Questions to the kernel about one TCP socket each, and their answers, as messages of `NETLINK_SOCK_DIAG`. A question is looked up in
 * the hash of connections, so its cost does not follow how many there are.
 *
 * ```
 * question  nlmsghdr 16 | inet_diag_req_v2: family, protocol, extensions, padding, states 4 | inet_diag_sockid 48
 * answer    nlmsghdr 16 | inet_diag_msg: family, state, timer, retransmits, inet_diag_sockid 48, expires 4, unread 4, unacknowledged 4, …
 * ```
 *
 * Source: sock_diag(7); `struct inet_diag_req_v2` and `struct inet_diag_msg` of linux/inet_diag.h.
 */
export const QUESTION_BYTES = 72;
/** What is kept of an answer; one that says "no such socket" has more bytes than that, too. */
export const ANSWER_BYTES = 88;

/** An answer to one question. */
export interface SocketQueues {
  /** The number that the question had. */
  readonly number: number;
  /** Whether it is a connection that has queues: it is found, and neither listens nor rests in TIME_WAIT. */
  readonly isFound: boolean;
  readonly unacknowledgedBytes: number;
  readonly unreadBytes: number;
}

const LITTLE_ENDIAN = endianness() === 'LE';
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const IPPROTO_TCP = 6;
const EVERY_STATE = 0xffff_ffff;
const NO_COOKIE = 0xffff_ffff;
const LISTEN = 10;
const TIME_WAIT = 6;

/** Where `inet_diag_sockid` begins in a question, and its parts from there. */
const ID_AT = 24;
const SOURCE_AT = 4;
const DESTINATION_AT = 20;
const COOKIE_AT = 40;

/** Most pairs of addresses whose question is kept: connections to one target differ only in their ports. */
const MAX_PAIRS = 64;
const withoutPorts = new Map<string, Buffer>();

/** A question about one end of a connection; undefined for text that is not an address. A v4-mapped address is asked for as IPv4, which finds both. */
export function socketQuestion({ localAddress, localPort, remoteAddress, remotePort }: RowAddress): Buffer | undefined {
  const pair = `${localAddress} ${remoteAddress}`;
  const known = withoutPorts.get(pair) ?? addressedQuestion(localAddress, remoteAddress);
  if (known === undefined) return undefined;
  if (withoutPorts.size >= MAX_PAIRS) withoutPorts.clear();
  withoutPorts.set(pair, known);
  const question = Buffer.from(known);
  question.writeUInt16BE(localPort, ID_AT);
  question.writeUInt16BE(remotePort, ID_AT + 2);
  return question;
}

function addressedQuestion(localAddress: string, remoteAddress: string): Buffer | undefined {
  const local = addressBytes(localAddress);
  const remote = addressBytes(remoteAddress);
  if (local === undefined || remote?.length !== local.length) return undefined;
  const question = Buffer.alloc(QUESTION_BYTES);
  const view = viewOf(question);
  view.setUint32(0, QUESTION_BYTES, LITTLE_ENDIAN);
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, LITTLE_ENDIAN);
  view.setUint16(6, NLM_F_REQUEST, LITTLE_ENDIAN);
  question[16] = local.length === 4 ? AF_INET : AF_INET6;
  question[17] = IPPROTO_TCP;
  view.setUint32(20, EVERY_STATE, LITTLE_ENDIAN);
  question.set(local, ID_AT + SOURCE_AT);
  question.set(remote, ID_AT + DESTINATION_AT);
  view.setUint32(ID_AT + COOKIE_AT, NO_COOKIE, LITTLE_ENDIAN);
  view.setUint32(ID_AT + COOKIE_AT + 4, NO_COOKIE, LITTLE_ENDIAN);
  return question;
}

/** Gives a question the number by which its answer is known. */
export function numberQuestion(question: Buffer, number: number): void {
  viewOf(question).setUint32(8, number, LITTLE_ENDIAN);
}

/** Reads the answer at an offset. */
export function readSocketAnswer(answers: Buffer, at: number): SocketQueues {
  const view = viewOf(answers);
  const state = answers[at + 17] ?? 0;
  const isAnswer = view.getUint16(at + 4, LITTLE_ENDIAN) === SOCK_DIAG_BY_FAMILY;
  return {
    number: view.getUint32(at + 8, LITTLE_ENDIAN),
    // Without such a connection the kernel tells of the socket that listens on its port.
    isFound: isAnswer && state !== LISTEN && state !== TIME_WAIT,
    unreadBytes: view.getUint32(at + 72, LITTLE_ENDIAN),
    unacknowledgedBytes: view.getUint32(at + 76, LITTLE_ENDIAN),
  };
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
