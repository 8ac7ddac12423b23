import { announce, MAX_TEXT_BYTES } from '@socklab/client/room';
import type { Audience } from '../operator/audience.ts';

/** A member, as the operator addresses it. */
export interface Reached<Contact> {
  readonly number: number;
  readonly contact: Contact;
}

/** What a room offers its operator. */
export interface RoomReach<Contact> extends Pick<Audience, 'list' | 'block' | 'quit'> {
  readonly members: () => readonly Reached<Contact>[];
  /** Sends a message to one of them. */
  readonly toOne: (contact: Contact, message: Uint8Array) => void;
  /** Sends a message to all of them, including those of other replicas. Returns how many are here; `undefined` when too much waits already. */
  readonly toAll: (message: Uint8Array) => number | undefined;
}

/** The members of a room, as the audience of an operator. */
export function roomAudience<Contact>({ list, block, quit, members, toOne, toAll }: RoomReach<Contact>): Audience {
  return {
    list,
    block,
    quit,
    tell: ({ number }, text) => {
      const member = members().find((each) => each.number === number);
      const message = announcement(text);
      if (member === undefined) return 'it is no longer a member';
      if (typeof message === 'string') return message;
      toOne(member.contact, message);
      return undefined;
    },
    tellAll: (text) => {
      const message = announcement(text);
      if (typeof message === 'string') return message;
      return toAll(message) ?? 'not sent: too much is already waiting to be sent';
    },
  };
}

function announcement(text: string): Uint8Array | string {
  const payload = Buffer.from(text);
  if (payload.length <= MAX_TEXT_BYTES) return announce.encode(payload);
  return `a text of ${payload.length} bytes; allowed: ${MAX_TEXT_BYTES}`;
}
