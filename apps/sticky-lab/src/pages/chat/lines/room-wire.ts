import { constant, frame, FrameError, u16be, u32be, u8 } from '@socklab/framing';
import type { ByteCodec, Codec, Framed } from '@socklab/framing';

/**
 * What a member of a room of udp-multi sends and hears; all numbers big-endian, n counts what follows it. A datagram holds one
 * message or several, and nothing else.
 *
 * ```
 *  0       2      3        5             5+n
 *  +-------+------+--------+-------------+
 *  | 53 4c | type | n: u16 |  n bytes    |     ANNOUNCE "hi" -> 53 4c 08 00 02 68 69
 *  +-------+------+--------+-------------+
 * ```
 *
 * HELLO asks for a cookie, CHALLENGE brings it, JOIN shows it and names the member, WELCOME tells its number and its key: so nobody
 * is let in under an address that is not its own. The key begins each SAY, and is all of LEAVE: so nobody speaks or leaves in another's name.
 */
const TYPE = { hello: 0x01, challenge: 0x02, join: 0x03, welcome: 0x04, say: 0x05, said: 0x06, leave: 0x07, announce: 0x08 } as const;

/** What a service says to a member of its room. `textAt` is the offset of the text in `bytes`, the whole message. */
export type RoomMessage = { readonly bytes: Uint8Array } & (
  | { readonly type: 'challenge'; readonly cookie: Uint8Array }
  | { readonly type: 'welcome'; readonly member: number; readonly key: Uint8Array }
  | { readonly type: 'said'; readonly member: number; readonly name: Uint8Array; readonly text: Uint8Array; readonly textAt: number }
  | { readonly type: 'announce'; readonly text: Uint8Array; readonly textAt: number }
);

/** Longest name of a member, in bytes. */
export const MAX_NAME_BYTES = 32;

/** Messages of one datagram that are looked at: each challenge is answered. */
const MAX_MESSAGES = 32;

/** Bytes before what a message carries. */
export const HEADER_BYTES = 5;

/** Bytes before the text of what is said: the key of the member is among them. */
export const SAY_HEADER_BYTES: number = HEADER_BYTES + 8;

const MAGIC = [0x53, 0x4c] as const;
const COOKIE_BYTES = 16;
const KEY_BYTES = 8;

const envelope: Codec<Framed<Readonly<Record<'type', number>>>, never> = frame({
  header: { magic: constant(...MAGIC), type: u8, length: u16be },
  name: 'message',
});
const saidBody: Codec<Framed<Readonly<Record<'member' | 'nameBytes', number>>>, never> = frame({
  header: { magic: constant(...MAGIC, TYPE.said), length: u16be, member: u32be, nameBytes: u8 },
  counts: 'afterLength',
  name: 'said',
});
const SAID_HEADER_BYTES = 10;

const plain = (type: number): ByteCodec => frame({ header: { magic: constant(...MAGIC, type), length: u16be }, name: 'message' });

/** Asks for a cookie: as long as the answer, so that nobody is sent more than was asked for in its name. */
export const HELLO: Uint8Array = plain(TYPE.hello).encode(new Uint8Array(COOKIE_BYTES));

/** Leaves the room. */
export function leaveMessage(key: Uint8Array): Uint8Array {
  return plain(TYPE.leave).encode(key);
}

/** Shows the cookie, and names the member. */
export function joinMessage(cookie: Uint8Array, name: Uint8Array): Uint8Array {
  return plain(TYPE.join).encode(Buffer.concat([cookie, name]));
}

/** Says something to the others. */
export function sayMessage(key: Uint8Array, text: Uint8Array): Uint8Array {
  return plain(TYPE.say).encode(Buffer.concat([key, text]));
}

/** The messages of one datagram; none when it is anything but whole messages of a room. */
export function readRoomMessages(datagram: Uint8Array): readonly RoomMessage[] {
  const messages: RoomMessage[] = [];
  let offset = 0;
  for (const { header, payload } of whole(envelope, datagram)) {
    const bytes = datagram.subarray(offset, offset + HEADER_BYTES + payload.length);
    const message = readOne(header.type, payload, bytes);
    if (message === undefined || messages.length === MAX_MESSAGES) return [];
    messages.push(message);
    offset += bytes.length;
  }
  return messages;
}

function readOne(type: number, payload: Uint8Array, bytes: Uint8Array): RoomMessage | undefined {
  switch (type) {
    case TYPE.challenge:
      return payload.length === COOKIE_BYTES ? { type: 'challenge', bytes, cookie: payload } : undefined;
    case TYPE.welcome:
      return payload.length === 4 + KEY_BYTES
        ? { type: 'welcome', bytes, member: Buffer.from(payload).readUInt32BE(), key: payload.subarray(4) }
        : undefined;
    case TYPE.announce:
      return { type: 'announce', bytes, text: payload, textAt: HEADER_BYTES };
    case TYPE.said:
      return readSaid(bytes);
    default:
      return undefined;
  }
}

function readSaid(bytes: Uint8Array): RoomMessage | undefined {
  const [saying] = whole(saidBody, bytes);
  if (saying === undefined || saying.header.nameBytes > saying.payload.length) return undefined;
  const { header, payload } = saying;
  const [name, text] = [payload.subarray(0, header.nameBytes), payload.subarray(header.nameBytes)];
  return { type: 'said', bytes, member: header.member, name, text, textAt: SAID_HEADER_BYTES + name.length };
}

/** All messages of a datagram; none when bytes are left. */
function whole<Message>(codec: Codec<Message, never>, datagram: Uint8Array): readonly Message[] {
  const decoder = codec.createDecoder();
  const messages: Message[] = [];
  try {
    decoder.push(datagram);
    for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message);
    decoder.end();
    return messages;
  } catch (error) {
    if (error instanceof FrameError) return [];
    throw error;
  }
}
