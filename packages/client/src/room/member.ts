import { hostPort } from '@socklab/service';
import { ClientError } from '../errors.ts';
import { isRefusal, openConnected, refused, resolveTarget, sendConnected } from '../udp/connected-socket.ts';
import { readRoomMessages } from './messages.ts';
import { COOKIE_BYTES, hello, join, leave, say } from './wire.ts';
import type { Socket } from 'node:dgram';
import type { Target } from '../udp/connected-socket.ts';
import type { RoomMessage } from './messages.ts';

/** Options of a member. */
export interface MemberOptions {
  readonly target: Target;
  /** 0 to 32 bytes, UTF-8. */
  readonly name: Uint8Array;
  /** How long joining may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often it joins again, so that the service does not forget it, in milliseconds. */
  readonly rejoinMs: number;
  /** Ends joining early. */
  readonly signal?: AbortSignal;
  /** Hears what others say, and the operator. */
  readonly onHeard: (message: Extract<RoomMessage, { type: 'said' | 'announce' }>) => void;
  /** Hears whether the service still knows it, each time that changes. */
  readonly onPresence: (isMember: boolean) => void;
}

/** A member of a room, as the service sees one. */
export interface RoomMember {
  /** Its number, from the service. */
  readonly number: number;
  /** Says something to all others. Best effort: nobody tells whether it arrived. */
  say(text: Uint8Array): Promise<void>;
  /** Tells the service that it goes, and closes. */
  leave(): Promise<void>;
}

/** How long an answer to HELLO or JOIN is awaited before it is sent again, in milliseconds. */
const RETRY_MS = 500;

/**
 * Joins a room: proves its address with a cookie (see `wire.ts`), and joins again before it is forgotten, and when the service
 * started anew. What gets lost on the way is sent again.
 *
 * @throws ClientError `CLIENT_ERR_NOT_JOINED` when there is no welcome in time, `CLIENT_ERR_INTERRUPTED`; ClientError `CLIENT_ERR_REFUSED`; Error of the system.
 */
export async function joinRoom(options: MemberOptions): Promise<RoomMember> {
  const server = await resolveTarget(options.target);
  const member = new Member(await openConnected(server), options);
  await member.enter();
  return member;
}

class Member implements RoomMember {
  number = 0;
  readonly #socket: Socket;
  readonly #options: MemberOptions;
  readonly #entered = Promise.withResolvers<void>();
  /** Proves that what is said is of this member: it begins each SAY, and LEAVE. */
  #key: Uint8Array = new Uint8Array(0);
  #isPresent = false;
  /** HELLOs since the last welcome. */
  #unanswered = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, options: MemberOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (datagram) => {
      for (const message of readRoomMessages(datagram) ?? []) this.#receive(message);
    });
    socket.on('error', (error) => this.#entered.reject(error));
  }

  async enter(): Promise<void> {
    const { target, timeoutMs, signal } = this.#options;
    const interrupt = (): void => this.#entered.reject(new ClientError('CLIENT_ERR_INTERRUPTED', 'stopped before it joined'));
    const deadline = setTimeout(() => this.#entered.reject(notJoined(target, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', interrupt, { once: true });
    if (signal?.aborted === true) interrupt();
    this.#hello();
    try {
      await this.#entered.promise;
    } catch (error) {
      await this.#close();
      throw isRefusal(error) ? refused(target, error) : error;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', interrupt);
    }
  }

  async say(text: Uint8Array): Promise<void> {
    await this.#send(say.encode(Buffer.concat([this.#key, text])));
  }

  async leave(): Promise<void> {
    await this.#send(leave.encode(this.#key));
    await this.#close();
  }

  #hello(): void {
    this.#unanswered += 1;
    // One that is lost is nothing yet; two in a row mean that nobody is there, or nobody who knows us.
    if (this.#unanswered > 2) this.#setPresence(false);
    void this.#send(hello.encode(new Uint8Array(COOKIE_BYTES)));
    this.#timer = setTimeout(() => this.#hello(), RETRY_MS);
  }

  #receive(message: RoomMessage): void {
    if (message.type === 'challenge') void this.#send(join.encode(Buffer.concat([message.cookie, this.#options.name])));
    else if (message.type === 'welcome') this.#welcome(message);
    else this.#options.onHeard(message);
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
    this.#options.onPresence(isMember);
  }

  /** A datagram that the system refuses is as good as lost: the next HELLO goes anyway. */
  async #send(message: Uint8Array): Promise<void> {
    await sendConnected(this.#socket, message).catch((error: unknown) => this.#entered.reject(error));
  }

  #close(): Promise<void> {
    clearTimeout(this.#timer);
    return new Promise((resolve) => this.#socket.close(resolve));
  }
}

function notJoined({ host, port }: Target, timeoutMs: number): ClientError {
  const server = hostPort(host, port);
  return new ClientError('CLIENT_ERR_NOT_JOINED', `${server} let nobody in within ${timeoutMs} ms: it has no room, or does not answer`);
}
