import { wholeMessages } from './whole-messages.ts';
import {
  announce,
  challenge,
  COOKIE_BYTES,
  envelope,
  MAX_ROOM_MESSAGES,
  MEMBER_KEY_BYTES,
  MESSAGE_HEADER_BYTES,
  said,
  TYPE,
  welcome,
} from './wire.ts';

/** A message of the service to a member; `bytes` is the whole message. A text ends with its message. */
export type RoomMessage = { readonly bytes: Uint8Array } & (
  | { readonly type: 'challenge'; readonly cookie: Uint8Array }
  | { readonly type: 'welcome'; readonly member: number; readonly key: Uint8Array }
  | { readonly type: 'said'; readonly member: number; readonly name: Uint8Array; readonly text: Uint8Array }
  | { readonly type: 'announce'; readonly text: Uint8Array }
);

/** The messages of one datagram; `undefined` when it is anything but complete room messages. */
export function readRoomMessages(datagram: Uint8Array): readonly RoomMessage[] | undefined {
  let offset = 0;
  const messages: RoomMessage[] = [];
  for (const { header, payload } of wholeMessages(envelope, datagram, MAX_ROOM_MESSAGES) ?? []) {
    const end = offset + MESSAGE_HEADER_BYTES + payload.length;
    const message = readOne(header.type, datagram.subarray(offset, end));
    if (message === undefined) return undefined;
    messages.push(message);
    offset = end;
  }
  return messages.length === 0 ? undefined : messages;
}

function readOne(type: number, bytes: Uint8Array): RoomMessage | undefined {
  switch (type) {
    case TYPE.challenge:
      return readChallenge(bytes);
    case TYPE.welcome:
      return readWelcome(bytes);
    case TYPE.said:
      return readSaid(bytes);
    case TYPE.announce: {
      const text = wholeMessages(announce, bytes)?.[0];
      return text === undefined ? undefined : { type: 'announce', bytes, text };
    }
    default:
      return undefined;
  }
}

function readChallenge(bytes: Uint8Array): RoomMessage | undefined {
  const cookie = wholeMessages(challenge, bytes)?.[0];
  return cookie?.length === COOKIE_BYTES ? { type: 'challenge', bytes, cookie } : undefined;
}

function readWelcome(bytes: Uint8Array): RoomMessage | undefined {
  const greeting = wholeMessages(welcome, bytes)?.[0];
  if (greeting?.payload.length !== MEMBER_KEY_BYTES) return undefined;
  return { type: 'welcome', bytes, member: greeting.header.member, key: greeting.payload };
}

function readSaid(bytes: Uint8Array): RoomMessage | undefined {
  const saying = wholeMessages(said, bytes)?.[0];
  if (saying === undefined || saying.header.nameBytes > saying.payload.length) return undefined;
  const { header, payload } = saying;
  const [name, text] = [payload.subarray(0, header.nameBytes), payload.subarray(header.nameBytes)];
  return { type: 'said', bytes, member: header.member, name, text };
}
