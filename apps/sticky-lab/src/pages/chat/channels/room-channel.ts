import { ClientError } from '@socklab/client';
import { enterRoom, MAX_NAME_BYTES } from '@socklab/client/room';
import { printable } from '@socklab/service';
import { OPEN_TIMEOUT_MS } from './channel.ts';
import { ChatFailure, explain } from './failure.ts';
import { openUdpSocket } from './udp-socket.ts';
import { wireOf } from './wire.ts';
import type { ChatChannel, ChatListener, ChatChannelOptions } from './channel.ts';
import type { ChatSpeaker } from './events.ts';
import type { EnterOptions, RoomMessage } from '@socklab/client/room';

/** Options of {@link openRoomChannel}. */
export interface RoomChannelOptions extends ChatChannelOptions {
  /** At most 32 bytes of UTF-8; may be empty. */
  readonly name: string;
}

/** How often to join again: a room forgets silent members, and a restarted one knows nobody. */
const REJOIN_MS = 30_000;

/** Joins a room of udp-multi. Lost messages are sent again. @throws ChatFailure when it is not accepted. */
export async function openRoomChannel(options: RoomChannelOptions): Promise<ChatChannel> {
  const { listener, address, name, signal } = options;
  const socket = await openUdpSocket(options);
  let hasEntered = false;
  const onHandshake: EnterOptions['onHandshake'] = (direction, message, bytes) => {
    // Reported for the first time only; later the same goes on all the time.
    if (!hasEntered || message === 'LEAVE') listener.handshake(direction, message, wireOf(bytes, bytes.length, 0, null));
  };
  const about = { server: address, name: Buffer.from(name), timeoutMs: OPEN_TIMEOUT_MS, rejoinMs: REJOIN_MS, signal };
  const member = await enterRoom(socket, { ...about, ...hearing(listener), onHandshake }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : failureOf(error, address);
  });
  hasEntered = true;
  return {
    say(payload) {
      const message = member.sayMessage(payload);
      void member.say(payload);
      return wireOf(message, message.length, payload.length, message.length - payload.length);
    },
    close: () => member.leave(),
  };
}

function hearing(listener: ChatListener): Pick<EnterOptions, 'onHeard' | 'onPresence'> {
  return {
    onHeard(message) {
      const { bytes, text } = message;
      listener.heard(speakerOf(message), text, wireOf(bytes, bytes.length, text.length, bytes.length - text.length), null);
    },
    onPresence: (isMember, number) => (isMember ? listener.joined(number) : listener.absent()),
  };
}

function speakerOf(message: Extract<RoomMessage, { type: 'said' | 'announce' }>): ChatSpeaker {
  if (message.type === 'announce') return { type: 'operator' };
  return { type: 'member', number: message.member, name: printable(message.name, MAX_NAME_BYTES) };
}

function failureOf(error: unknown, address: string): ChatFailure {
  return error instanceof ClientError && error.code === 'CLIENT_ERR_NOT_JOINED' ? notLetIn(address) : explain(error, address);
}

function notLetIn(address: string): ChatFailure {
  return new ChatFailure({
    en: `${address} admitted nobody within ${OPEN_TIMEOUT_MS} ms: it has no room (udp-multi --topology many-to-many has one), or does not answer`,
    zh: `${address} 在 ${OPEN_TIMEOUT_MS} 毫秒内没有让人加入：它没有聊天室（udp-multi --topology many-to-many 有），或没有响应`,
  });
}
