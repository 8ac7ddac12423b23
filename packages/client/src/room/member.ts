import { hostPort } from '@socklab/service';
import { ClientError } from '../errors.ts';
import { isRefusal, openConnected, refused, resolveTarget, sendConnected } from '../udp/connected-socket.ts';
import { readRoomMessages } from './messages.ts';
import { COOKIE_BYTES, hello, join, leave, say } from './wire.ts';
import type { Target } from '../udp/connected-socket.ts';
import type { RoomMessage } from './messages.ts';
import type { Socket } from 'node:dgram';

/** Messages between a member and its service that carry no text. */
export type HandshakeName = 'HELLO' | 'CHALLENGE' | 'JOIN' | 'WELCOME' | 'LEAVE';

/** Options of {@link enterRoom}. */
export interface EnterOptions {
  /** The name of the server in errors. */
  readonly server: string;
  /** 0 to 32 bytes, UTF-8. */
  readonly name: Uint8Array;
  /** How long joining may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often it joins again, so that the service does not forget it, in milliseconds. */
  readonly rejoinMs: number;
  /** Ends joining early. */
  readonly signal?: AbortSignal;
  /** Called for each message of other members and of the operator. */
  readonly onHeard: (message: Extract<RoomMessage, { type: 'said' | 'announce' }>) => void;
  /** Called each time the service recognises or forgets the member, with its number. */
  readonly onPresence: (isMember: boolean, number: number) => void;
  /** Called with each message of the handshake, as bytes on the wire. */
  readonly onHandshake?: (direction: 'sent' | 'received', name: HandshakeName, bytes: Uint8Array) => void;
}

/** Options of {@link joinRoom}. */
export interface MemberOptions extends Omit<EnterOptions, 'server'> {
  readonly target: Target;
}

/** A member of a room, from the client's side. */
export interface RoomMember {
  /** Its number, from the service. */
  readonly number: number;
  /** The message that {@link say} sends. */
  sayMessage(text: Uint8Array): Uint8Array;
  /** Sends a text to all others. Best effort: there is no acknowledgement. */
  say(text: Uint8Array): Promise<void>;
  /** Tells the service that it leaves, and closes. */
  leave(): Promise<void>;
}

/** How long an answer to HELLO or JOIN is awaited before it is sent again, in milliseconds. */
const RETRY_MS = 500;

/**
 * Joins a room: proves its address with a cookie (see `wire.ts`), and joins again before it is forgotten, and after a
 * restart of the service. Lost messages are sent again.
 *
 * @throws ClientError `CLIENT_ERR_NOT_JOINED` when there is no welcome in time, `CLIENT_ERR_INTERRUPTED`, `CLIENT_ERR_REFUSED`; Error
 * of the system.
 */
export async function joinRoom({ target, ...options }: MemberOptions): Promise<RoomMember> {
  const socket = await openConnected(await resolveTarget(target));
  try {
    return await enterRoom(socket, { ...options, server: hostPort(target.host, target.port) });
  } catch (error) {
    throw isRefusal(error) ? refused(target, error) : error;
  }
}

/**
 * Joins a room like {@link joinRoom}, over a socket that is already connected to its server; closes it on failure.
 *
 * @throws ClientError `CLIENT_ERR_NOT_JOINED`, `CLIENT_ERR_INTERRUPTED`; Error of the system.
 */
export async function enterRoom(socket: Socket, options: EnterOptions): Promise<RoomMember> {
  const member = new Member(socket, options);
  await member.enter();
  return member;
}

class Member implements RoomMember {
  number = 0;
  readonly #socket: Socket;
  readonly #options: EnterOptions;
  readonly #entered = Promise.withResolvers<void>();
  /** Proves that a message is from this member: it begins each SAY, and LEAVE. */
  #key: Uint8Array = new Uint8Array(0);
  #isPresent = false;
  /** HELLOs since the last welcome. */
  #unanswered = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastSend: Promise<void> = Promise.resolve();

  constructor(socket: Socket, options: EnterOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (datagram) => {
      for (const message of readRoomMessages(datagram) ?? []) this.#receive(message);
    });
    socket.on('error', (error) => this.#entered.reject(error));
  }

  async enter(): Promise<void> {
    const { timeoutMs, signal } = this.#options;
    const interrupt = (): void => this.#entered.reject(new ClientError('CLIENT_ERR_INTERRUPTED', 'stopped before it joined'));
    const deadline = setTimeout(() => this.#entered.reject(notJoined(this.#options)), timeoutMs);
    signal?.addEventListener('abort', interrupt, { once: true });
    if (signal?.aborted === true) interrupt();
    this.#hello();
    try {
      await this.#entered.promise;
    } catch (error) {
      await this.#close();
      throw error;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', interrupt);
    }
  }

  sayMessage(text: Uint8Array): Uint8Array {
    return say.encode(Buffer.concat([this.#key, text]));
  }

  say(text: Uint8Array): Promise<void> {
    return this.#send(this.sayMessage(text));
  }

  async leave(): Promise<void> {
    this.#shake('LEAVE', leave.encode(this.#key));
    await this.#close();
  }

  #hello(): void {
    this.#unanswered += 1;
    // One lost answer means nothing; two in a row mean that the service is gone, or has forgotten us.
    if (this.#unanswered > 2) this.#setPresence(false);
    this.#shake('HELLO', hello.encode(new Uint8Array(COOKIE_BYTES)));
    this.#timer = setTimeout(() => this.#hello(), RETRY_MS);
  }

  #receive(message: RoomMessage): void {
    const { name, onHandshake, onHeard } = this.#options;
    if (message.type === 'challenge') {
      onHandshake?.('received', 'CHALLENGE', message.bytes);
      this.#shake('JOIN', join.encode(Buffer.concat([message.cookie, name])));
    } else if (message.type === 'welcome') {
      onHandshake?.('received', 'WELCOME', message.bytes);
      this.#welcome(message);
    } else onHeard(message);
  }

  #welcome({ member, key }: Extract<RoomMessage, { type: 'welcome' }>): void {
    this.number = member;
    this.#key = key;
    this.#unanswered = 0;
    this.#setPresence(true);
    this.#entered.resolve();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hello(), this.#options.rejoinMs);
  }

  #setPresence(isMember: boolean): void {
    if (isMember === this.#isPresent) return;
    this.#isPresent = isMember;
    this.#options.onPresence(isMember, this.number);
  }

  #shake(name: HandshakeName, message: Uint8Array): void {
    this.#options.onHandshake?.('sent', name, message);
    void this.#send(message);
  }

  /** A datagram that the system refuses counts as lost: the next HELLO follows anyway. */
  #send(message: Uint8Array): Promise<void> {
    this.#lastSend = sendConnected(this.#socket, message).catch((error: unknown) => this.#entered.reject(error));
    return this.#lastSend;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#lastSend;
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}

function notJoined({ server, timeoutMs }: EnterOptions): ClientError {
  return new ClientError('CLIENT_ERR_NOT_JOINED', `${server} admitted nobody within ${timeoutMs} ms: it has no room, or does not answer`);
}
