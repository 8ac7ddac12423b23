import { isIPv4, isIPv6 } from 'node:net';
import { InvalidArgumentError } from '@socklab/service';
import type { UdpSocket } from './socket.ts';
import type { NetworkInterfaceInfo } from 'node:os';

/** A multicast group, and the interface to use it on. */
export interface Group {
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  /** An interface's name, or its IPv4 address; `undefined`: that of the endpoint, or the system's choice. */
  readonly on: string | undefined;
}

/** How datagrams to groups are sent. */
export interface GroupOptions {
  /** Hop limit: 1 is the local network. */
  readonly ttl: number;
  /** Whether this machine receives them too. */
  readonly loopback: boolean;
}

/** The interfaces of a machine, as `os.networkInterfaces` gives them. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * Reads what `--multicast` takes: `239.255.7.7`, `239.255.7.7%eth0`, `ff02::7:7%eth0`.
 *
 * @throws InvalidArgumentError for anything else, including an address that is not multicast.
 */
export function parseGroup(text: string): Group {
  const [address = '', on] = text.split(/%(.*)/s);
  if (isIPv4(address) && isMulticastIpv4(address)) return { address, family: 'IPv4', on };
  if (isIPv6(address) && /^ff/i.test(address)) return { address, family: 'IPv6', on };
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} is not a multicast group: give one of 224.0.0.0/4 or ff00::/8, as 239.255.7.7 or ff02::7:7%eth0.`,
  );
}

function isMulticastIpv4(address: string): boolean {
  const first = Number.parseInt(address, 10);
  return first >= 224 && first <= 239;
}

/**
 * The interface as node:dgram takes it: its IPv4 address, or `::%name`.
 *
 * @param own - The address that the service listens on: without a name, its interface is used.
 * @throws RangeError when this machine has no such interface.
 */
export function interfaceFor({ family, on }: Group, own: string, interfaces: Interfaces): string | undefined {
  if (family === 'IPv4') return on === undefined ? ownIpv4(own) : ipv4Of(on, interfaces);
  const name = on ?? Object.keys(interfaces).find((each) => interfaces[each]?.some(({ address }) => address === own.replace(/%.*/, '')));
  if (name !== undefined && interfaces[name] === undefined) throw noInterface(name, interfaces);
  return name === undefined ? undefined : `::%${name}`;
}

function ownIpv4(own: string): string | undefined {
  return isIPv4(own) && own !== '0.0.0.0' ? own : undefined;
}

function ipv4Of(on: string, interfaces: Interfaces): string {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const found = (interfaces[on] ?? all.filter(({ address }) => address === on)).find(({ family }) => family === 'IPv4');
  if (found === undefined) throw noInterface(on, interfaces);
  return found.address;
}

function noInterface(name: string, interfaces: Interfaces): RangeError {
  return new RangeError(`no interface ${name} with such an address: there are ${Object.keys(interfaces).join(', ')}`);
}

/** Sets a socket's options for sending to a group. */
export function sendToGroup(socket: UdpSocket, through: string | undefined, { ttl, loopback }: GroupOptions): void {
  socket.handle.setMulticastTTL(ttl);
  socket.handle.setMulticastLoopback(loopback);
  if (through !== undefined) socket.handle.setMulticastInterface(through);
}

/** Joins a socket, bound to the group's address, to the group. */
export function joinGroup(socket: UdpSocket, { address }: Group, through: string | undefined): void {
  socket.handle.addMembership(address, through);
}
