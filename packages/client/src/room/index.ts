export { enterRoom, joinRoom } from './member.ts';
export type { EnterOptions, HandshakeName, MemberOptions, RoomMember } from './member.ts';
export { readRoomMessages } from './messages.ts';
export type { RoomMessage } from './messages.ts';
export { MAX_MESSAGES, wholeMessages } from './whole-messages.ts';
export {
  ack,
  announce,
  challenge,
  COOKIE_BYTES,
  envelope,
  hello,
  join,
  leave,
  MAX_NAME_BYTES,
  MAX_ROOM_MESSAGES,
  MAX_TEXT_BYTES,
  MEMBER_KEY_BYTES,
  MESSAGE_HEADER_BYTES,
  probe,
  said,
  SAID_HEADER_BYTES,
  saidHeader,
  say,
  TYPE,
  typeOfOne,
  welcome,
} from './wire.ts';
export type { FieldsCodec } from './wire.ts';
