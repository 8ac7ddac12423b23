import { room } from '../room/room.ts';
import { SESSIONS } from '../sessions/index.ts';
import type { RoomOptions } from '../room/room.ts';
import type { SessionName, SessionOptions } from '../sessions/index.ts';
import type { Datagram, Channel, Session } from '../sessions/session.ts';

/** Who receives what: the values of `--topology`. */
export type Topology = 'one-to-one' | 'one-to-many' | 'many-to-many' | 'multicast';

/** Every {@link Topology}, with its description in the README. */
export const TOPOLOGIES: readonly Topology[] = ['one-to-one', 'one-to-many', 'many-to-many', 'multicast'];

/** What determines the session of a service. */
export interface SessionChoice extends SessionOptions, Omit<RoomOptions, 'relays' | 'console'> {
  readonly topology: Topology;
  readonly session: SessionName;
}

/** Whether peers have to join: then the session is the room. */
export function hasRoom(topology: Topology): boolean {
  return topology === 'one-to-many' || topology === 'many-to-many';
}

/** Makes the session of a service. */
export function chooseSession<Received extends Datagram>(channel: Channel<Received>, choice: SessionChoice): Session<Received> {
  const { topology, session } = choice;
  if (!hasRoom(topology)) return SESSIONS[session](channel, choice);
  return room(channel, { ...choice, relays: topology === 'many-to-many' });
}
