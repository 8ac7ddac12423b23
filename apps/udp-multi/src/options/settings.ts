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
  /** The answer of the session greet. */
  readonly reply: string;
  /** The quit word; empty: none. */
  readonly quit: string;
  /** Answer one datagram, and end. */
  readonly once: boolean;
  readonly framing: DatagramFraming | undefined;
  /** Longest accepted datagram, in bytes. */
  readonly maxDatagram: number;
  /** Takes only this many bytes of a datagram, as `recvfrom` with a buffer of that size does. */
  readonly truncateAt: number | undefined;
  readonly trust: Trust;
  readonly minSourcePort: number;
  readonly allow?: readonly Cidr[];
  readonly deny?: readonly Cidr[];
  /** Repeats of one exchange before it counts as a loop; 0: no limit. */
  readonly loopMax: number;
  /** How many peers are remembered, and for how long in milliseconds. */
  readonly peersMax: number;
  readonly peerTtl: number;
  /** Members of one unproven address; 0: no limit. */
  readonly membersPerIp: number;
  /** Copies per second caused by the members of one unproven address. */
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
