import type { DatagramFraming } from '../datagram-framing.ts';
import type { RateLimits } from '../gate/rates.ts';
import type { Trust } from '../gate/trust.ts';
import type { Traffic } from '../metrics.ts';
import type { KnownPeer } from '../operator/audience.ts';
import type { CommandConsole } from '../operator/console.ts';
import type { ImpairmentOptions } from '../outbox/impair/impairment.ts';
import type { Bus, OnBusMessage } from '../room/bus/bus.ts';
import type { CookieJar } from '../room/cookie.ts';
import type { SessionName } from '../sessions/index.ts';
import type { ListenerOptions } from '../socket/listeners.ts';
import type { Topology } from './topology.ts';
import type { Cidr, Endpoint, Logger, RunningService } from '@socklab/service';

/** Options of `startUdpMulti`. */
export interface UdpMultiOptions extends RateLimits, Omit<ListenerOptions, 'onDatagram' | 'onError' | 'onSettled' | 'endpoints'> {
  readonly listen: readonly Endpoint[];
  readonly session: SessionName;
  readonly topology: Topology;
  /** What the session greet answers. */
  readonly reply: string;
  /** The quit word; empty: none. */
  readonly quit: string;
  /** Answer one datagram, and end. */
  readonly once: boolean;
  readonly framing: DatagramFraming | undefined;
  /** Longest datagram that is taken, in bytes. */
  readonly maxDatagram: number;
  /** Take only so many bytes of a datagram, as `recvfrom` with a buffer of that size does. */
  readonly truncateAt: number | undefined;
  readonly trust: Trust;
  readonly minSourcePort: number;
  readonly allow?: readonly Cidr[];
  readonly deny?: readonly Cidr[];
  /** Repeats of one exchange before it counts as a loop; 0: any number. */
  readonly loopMax: number;
  /** Peers remembered at a time, and how long in milliseconds. */
  readonly peersMax: number;
  readonly peerTtl: number;
  /** Members of one unproven address; 0: any number. */
  readonly membersPerIp: number;
  /** Copies a second of what the members of one unproven address say. */
  readonly rateMember: number;
  readonly cookies: CookieJar;
  readonly connectBus: (onMessage: OnBusMessage) => Bus;
  readonly impairment: ImpairmentOptions;
  /** The operator's console; the session operator needs it. */
  readonly console: CommandConsole | undefined;
  readonly log: Logger;
  readonly traffic: Traffic;
}

/** A running udp-multi. */
export interface UdpMultiService extends RunningService {
  /** Datagrams the system dropped before anybody read them. */
  kernelDrops(): number;
  /** Members of the room. */
  members(): number;
  /** Peers the session knows. */
  peers(): readonly KnownPeer[];
}
