import { constant, frame, u16be, u32be, u64be, u8 } from '@socklab/framing';
import type { ByteCodec, BytesIn, Codec, HeaderAndPayload } from '@socklab/framing';

/**
 * The wire format of udp-multi, besides plain payloads: the room, and numbered probes. All numbers are big-endian.
 *
 * Every message begins alike; n counts what follows it. A datagram holds one message or several, of a room at most 32 and one HELLO or
 * JOIN of them, and nothing else: a message that the datagram cuts, or bytes that are none, make the whole datagram malformed.
 *
 * ```
 *  0       2      3        5             5+n
 *  +-------+------+--------+-------------+
 *  | 53 4c | type | n: u16 |  n bytes    |
 *  +-------+------+--------+-------------+
 * ```
 *
 * | type | name | sent by | the n bytes |
 * |---|---|---|---|
 * | 01 | HELLO | peer | 16 bytes 00, so that the challenge is no longer than what asked for it |
 * | 02 | CHALLENGE | service | the cookie, 16 bytes |
 * | 03 | JOIN | peer | the cookie, then the name, 0 to 32 bytes UTF-8 |
 * | 04 | WELCOME | service | the member's number, u32; then its key, 8 bytes, which nobody else is told |
 * | 05 | SAY | peer | the key, then the text, 0 to 1,200 bytes |
 * | 06 | SAID | service | who said it: number, u32, and length of the name, u8; then the name, then the text |
 * | 07 | LEAVE | peer | the key |
 * | 08 | ANNOUNCE | service | the operator's text |
 * | 10 | PROBE | peer | sequence, u32; timestamp, u64, in any unit below 2^53; then any bytes |
 * | 11 | ACK | service | sequence and timestamp of the probe |
 *
 * ```
 * peer                 service            HELLO      53 4c 01 00 10 (16 × 00)
 *  |------- HELLO ------->|               CHALLENGE  53 4c 02 00 10 (16 bytes of cookie)
 *  |<---- CHALLENGE ------|               JOIN       53 4c 03 00 13 (the same 16 bytes) 62 6f 62     "bob"
 *  |------- JOIN -------->|               WELCOME    53 4c 04 00 0c 00 00 00 07 (8 bytes of key)    7
 *  |<----- WELCOME -------|               SAY        53 4c 05 00 0a (8 bytes of key) 68 69         "hi"
 *  |-------- SAY -------->|--- SAID ---> the others: 53 4c 06 00 0a 00 00 00 07 03 62 6f 62 68 69
 * ```
 *
 * The key proves that a message is from the member: a sender that forges its address does not know it. Joining again
 * returns the same key. A member stays as long as it says something, or joins again, within `--peer-ttl`. A cookie is
 * valid for one to two minutes: after that a new HELLO is needed. Anything invalid or not allowed gets no answer.
 */
export const TYPE = {
  hello: 0x01,
  challenge: 0x02,
  join: 0x03,
  welcome: 0x04,
  say: 0x05,
  said: 0x06,
  leave: 0x07,
  announce: 0x08,
  probe: 0x10,
  ack: 0x11,
} as const;

/** Longest text of one message, in bytes: with its headers it fits in one Ethernet packet, so nothing is fragmented. */
export const MAX_TEXT_BYTES = 1200;

/** Room messages in one datagram. This keeps the cost of a datagram bounded: rates count datagrams. */
export const MAX_ROOM_MESSAGES = 32;

/** Length of a cookie, in bytes. */
export const COOKIE_BYTES = 16;

/** Length of a member's key, in bytes. */
export const MEMBER_KEY_BYTES = 8;

/** Longest name of a member, in bytes. */
export const MAX_NAME_BYTES = 32;

/** Bytes before the n of a message. */
export const MESSAGE_HEADER_BYTES = 5;

const MAGIC = [0x53, 0x4c] as const;

/** Messages whose header has fields besides type and length. */
export type FieldsCodec<Name extends string> = Codec<HeaderAndPayload<Fields<Name>>, HeaderAndPayload<Fields<Name>, BytesIn>>;

type Fields<Name extends string> = Readonly<Record<Name, number>>;

/** Any message, without looking at its body. */
export const envelope: FieldsCodec<'type'> = frame({ header: { magic: constant(...MAGIC), type: u8, length: u16be }, name: 'message' });

/** The type of the single message in these bytes; `undefined` when there are several, or none. Its body is not checked. */
export function typeOfOne(bytes: Uint8Array): number | undefined {
  if (bytes.length < MESSAGE_HEADER_BYTES || bytes[0] !== MAGIC[0] || bytes[1] !== MAGIC[1]) return undefined;
  return bytes.length === MESSAGE_HEADER_BYTES + bytes[3]! * 256 + bytes[4]! ? bytes[2] : undefined;
}

/** Asks for a cookie. */
export const hello: ByteCodec = plain('hello', TYPE.hello);
/** The cookie. */
export const challenge: ByteCodec = plain('challenge', TYPE.challenge);
/** Proves the address, and names the member. */
export const join: ByteCodec = plain('join', TYPE.join);
/** Says something to the room. */
export const say: ByteCodec = plain('say', TYPE.say);
/** Leaves the room. */
export const leave: ByteCodec = plain('leave', TYPE.leave);
/** What the operator says to all. */
export const announce: ByteCodec = plain('announce', TYPE.announce);

/** Tells a peer that it is a member, and which; the payload is its key. */
export const welcome: FieldsCodec<'member'> = frame({
  header: { magic: constant(...MAGIC, TYPE.welcome), length: u16be, member: u32be },
  counts: 'afterLength',
  name: 'welcome',
});

/** What a member said, as the others get it; the first `nameBytes` of the payload are its name. */
export const said: FieldsCodec<'member' | 'nameBytes'> = frame({
  header: { magic: constant(...MAGIC, TYPE.said), length: u16be, member: u32be, nameBytes: u8 },
  counts: 'afterLength',
  name: 'said',
});

/** Bytes of {@link said} before the name. */
export const SAID_HEADER_BYTES: number = MESSAGE_HEADER_BYTES + 5;

/** The bytes before the name of a {@link said} message that has at least {@link SAID_HEADER_BYTES}. */
export function saidHeader(message: Uint8Array): Fields<'member' | 'nameBytes'> {
  const member = ((message[5]! << 24) | (message[6]! << 16) | (message[7]! << 8) | message[8]!) >>> 0;
  return { member, nameBytes: message[9]! };
}

/** A numbered datagram that asks for an {@link ack}. */
export const probe: FieldsCodec<'sequence' | 'timestamp'> = sequenced('probe', TYPE.probe);

/** The answer to a {@link probe}; its payload is empty. */
export const ack: FieldsCodec<'sequence' | 'timestamp'> = sequenced('ack', TYPE.ack);

function plain(name: string, type: number): ByteCodec {
  return frame({ header: { magic: constant(...MAGIC, type), length: u16be }, name });
}

function sequenced(name: string, type: number): FieldsCodec<'sequence' | 'timestamp'> {
  const magic = constant(...MAGIC, type);
  return frame({ header: { magic, length: u16be, sequence: u32be, timestamp: u64be }, counts: 'afterLength', name });
}
