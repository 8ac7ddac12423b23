import { printable } from '@socklab/service';
import { ChatFailure, explain } from './failure.ts';
import { OPEN_TIMEOUT_MS } from './line.ts';
import { HELLO, joinMessage, leaveMessage, MAX_NAME_BYTES, readRoomMessages, SAY_HEADER_BYTES, sayMessage } from './room-wire.ts';
import { closeUdpSocket, openUdpSocket } from './udp-socket.ts';
import { wireOf } from './wire.ts';
import type { Socket } from 'node:dgram';
import type { ChatSpeaker, Wire } from './events.ts';
import type { Line, LineOptions } from './line.ts';
import type { RoomMessage } from './room-wire.ts';

/** Options of {@link openRoomLine}. */
export interface RoomLineOptions extends LineOptions {
  /** At most 32 bytes of UTF-8; may be empty. */
  readonly name: string;
}

/** How long an answer to HELLO or JOIN is awaited before HELLO goes again. */
const RETRY_MS = 500;
/** How often to join again: a room forgets who is silent, and one that started anew knows nobody. */
const REJOIN_MS = 30_000;

/** Joins a room of udp-multi. What gets lost on the way is sent again. @throws ChatFailure when nobody lets it in. */
export async function openRoomLine(options: RoomLineOptions): Promise<Line> {
  const line = new RoomLine(await openUdpSocket(options), options);
  await line.enter();
  return line;
}

class RoomLine implements Line {
  readonly #socket: Socket;
  readonly #options: RoomLineOptions;
  readonly #entered = Promise.withResolvers<void>();
  #key: Uint8Array = new Uint8Array(0);
  #isMember = false;
  #hasEntered = false;
  /** HELLOs since the last welcome. */
  #unanswered = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastSend: Promise<void> = Promise.resolve();

  constructor(socket: Socket, options: RoomLineOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (datagram) => {
      for (const message of readRoomMessages(datagram)) this.#receive(message);
    });
    socket.on('error', (error) => this.#fail(error));
  }

  async enter(): Promise<void> {
    const { address, signal } = this.#options;
    const deadline = setTimeout(() => this.#entered.reject(notLetIn(address)), OPEN_TIMEOUT_MS);
    const onAbort = (): void => this.#entered.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    this.#hello();
    try {
      await this.#entered.promise;
      this.#hasEntered = true;
    } catch (error) {
      await this.#closeSocket();
      throw error;
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
    }
  }

  say(payload: Uint8Array): Wire {
    const message = sayMessage(this.#key, payload);
    this.#send(message);
    return wireOf(message, message.length, payload.length, SAY_HEADER_BYTES);
  }

  async close(): Promise<void> {
    const leave = leaveMessage(this.#key);
    this.#options.listener.handshake('sent', 'LEAVE', wireOf(leave, leave.length, 0, null));
    this.#send(leave);
    await this.#closeSocket();
  }

  #hello(): void {
    this.#unanswered += 1;
    // One that is lost is nothing yet; two in a row mean that nobody is there, or nobody who knows us.
    if (this.#unanswered > 2 && this.#isMember) {
      this.#isMember = false;
      this.#options.listener.absent();
    }
    this.#shake('sent', 'HELLO', HELLO);
    this.#send(HELLO);
    this.#timer = setTimeout(() => this.#hello(), RETRY_MS);
  }

  #receive(message: RoomMessage): void {
    const { listener } = this.#options;
    switch (message.type) {
      case 'challenge': {
        this.#shake('received', 'CHALLENGE', message.bytes);
        const join = joinMessage(message.cookie, Buffer.from(this.#options.name));
        this.#shake('sent', 'JOIN', join);
        this.#send(join);
        return;
      }
      case 'welcome':
        this.#shake('received', 'WELCOME', message.bytes);
        this.#key = message.key;
        this.#welcome(message.member);
        return;
      case 'said':
      case 'announce':
        listener.heard(
          speakerOf(message),
          message.text,
          wireOf(message.bytes, message.bytes.length, message.text.length, message.textAt),
          null,
        );
    }
  }

  #welcome(member: number): void {
    this.#unanswered = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hello(), REJOIN_MS);
    if (!this.#isMember) this.#options.listener.joined(member);
    this.#isMember = true;
    this.#entered.resolve();
  }

  /** Told while it enters for the first time; later the same goes on all the time. */
  #shake(direction: 'sent' | 'received', name: string, message: Uint8Array): void {
    if (!this.#hasEntered) this.#options.listener.handshake(direction, name, wireOf(message, message.length, 0, null));
  }

  #send(message: Uint8Array): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lastSend = promise;
    this.#socket.send(message, (error) => {
      if (error !== null) this.#fail(error);
      resolve();
    });
  }

  /** Once it is a member, what the system refuses is as good as lost: the next HELLO goes anyway. */
  #fail(error: Error): void {
    if (!this.#hasEntered) this.#entered.reject(explain(error, this.#options.address));
  }

  async #closeSocket(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#lastSend;
    await closeUdpSocket(this.#socket);
  }
}

function speakerOf(message: Extract<RoomMessage, { type: 'said' | 'announce' }>): ChatSpeaker {
  if (message.type === 'announce') return { type: 'operator' };
  return { type: 'member', number: message.member, name: printable(message.name, MAX_NAME_BYTES) };
}

function notLetIn(address: string): ChatFailure {
  return new ChatFailure({
    en: `${address} let nobody in within ${OPEN_TIMEOUT_MS} ms: it has no room (udp-multi --topology many-to-many has one), or does not answer`,
    zh: `${address} 在 ${OPEN_TIMEOUT_MS} 毫秒内没有让人加入：它没有聊天室（udp-multi --topology many-to-many 有），或没有响应`,
  });
}
