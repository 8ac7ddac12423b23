import { wholeMessages } from './whole-messages.ts';
import { announce, challenge, envelope, MAX_ROOM_MESSAGES, MEMBER_KEY_BYTES, MESSAGE_HEADER_BYTES, said, TYPE, welcome } from './wire.ts';

/** What a service says to a member of its room. */
export type RoomMessage =
  | { readonly type: 'challenge'; readonly cookie: Uint8Array }
  | { readonly type: 'welcome'; readonly member: number; readonly key: Uint8Array }
  | { readonly type: 'said'; readonly member: number; readonly name: Uint8Array; readonly text: Uint8Array }
  | { readonly type: 'announce'; readonly text: Uint8Array };

/** The messages of one datagram; `undefined` when it is anything but whole messages of a room. */
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

function readOne(type: number, message: Uint8Array): RoomMessage | undefined {
  if (type === TYPE.challenge) {
    const cookie = wholeMessages(challenge, message)?.[0];
    return cookie === undefined ? undefined : { type: 'challenge', cookie };
  }
  if (type === TYPE.welcome) {
    const greeting = wholeMessages(welcome, message)?.[0];
    return greeting?.payload.length !== MEMBER_KEY_BYTES
      ? undefined
      : { type: 'welcome', member: greeting.header.member, key: greeting.payload };
  }
  if (type === TYPE.announce) {
    const text = wholeMessages(announce, message)?.[0];
    return text === undefined ? undefined : { type: 'announce', text };
  }
  return type === TYPE.said ? readSaid(message) : undefined;
}

function readSaid(message: Uint8Array): RoomMessage | undefined {
  const saying = wholeMessages(said, message)?.[0];
  if (saying === undefined || saying.header.nameBytes > saying.payload.length) return undefined;
  const { header, payload } = saying;
  return { type: 'said', member: header.member, name: payload.subarray(0, header.nameBytes), text: payload.subarray(header.nameBytes) };
}
