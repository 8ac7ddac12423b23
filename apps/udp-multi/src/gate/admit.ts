import type { Peer } from '../peers.ts';

/** Why a source is never answered. */
export type SourceDropReason =
  /** Below `minSourcePort`: a service, or 0, which means "do not answer" (RFC 768). */
  | 'source-port-low'
  /** The port of a service that answers anything: an answer to it would start a loop. */
  | 'source-port-service'
  /** 0.0.0.0/8 or `::`. */
  | 'source-unspecified'
  /** 224.0.0.0/4 or ff00::/8. */
  | 'source-multicast'
  /** 255.255.255.255, or the broadcast address of a network of this machine. */
  | 'source-broadcast'
  /** 240.0.0.0/4, which is reserved. */
  | 'source-reserved'
  /** One of the endpoints of this process: it would talk to itself forever. */
  | 'source-own-endpoint';

/** Facts about this machine, read when the sockets are bound. */
export interface AdmitRules {
  /** Where this process listens. A wildcard address stands for its port on every address. */
  readonly own: readonly OwnEndpoint[];
  /** Broadcast addresses of the machine's networks. */
  readonly broadcasts: ReadonlySet<string>;
  /** Lower ports are never answered; 0 never is. @defaultValue 1024 */
  readonly minSourcePort?: number;
}

/** An endpoint this process listens on, as `socket.address()` tells it. */
export interface OwnEndpoint {
  readonly address: string;
  readonly port: number;
}

/** Lower ports belong to services and need privileges. Source: dg_badinput() of inetd. */
export const FIRST_CLIENT_PORT = 1024;

/**
 * UDP services below port 1024 that answer anything. They are also refused by number, for users who lower the limit.
 * Sources: CVE-1999-0103, VU#417980, US-CERT TA14-017A.
 */
export const LOW_SERVICE_PORTS: ReadonlySet<number> = new Set([
  7, // echo
  11, // systat
  13, // daytime
  17, // qotd
  19, // chargen
  37, // time
  53, // DNS
  67, // DHCP
  69, // TFTP
  111, // portmapper
  123, // NTP
  137, // NetBIOS
  161, // SNMP
  389, // CLDAP
  427, // SLP
  500, // IKE
  520, // RIP
  623, // IPMI
]);

/**
 * UDP services from port 1024 on that answer strangers, most of them known as reflectors. Sources: US-CERT
 * TA14-017A, VU#417980, the IANA port registry. Only ports below 32768: higher ones are chosen by systems for
 * clients.
 */
export const SERVICE_PORTS: ReadonlySet<number> = new Set([
  1434, // SQL Server Browser
  1604, // Citrix ICA browser
  1900, // SSDP
  2049, // NFS
  3283, // Apple Remote Desktop
  3478, // STUN
  3702, // WS-Discovery
  5060, // SIP
  5353, // mDNS
  5683, // CoAP
  10_001, // Ubiquiti discovery
  11_211, // memcached
]);

/**
 * Decides by its source alone whether a datagram may be answered. Source addresses can be forged, so nothing is
 * sent to one that is not a client, or that would answer the answer.
 */
export function admit(source: Peer, rules: AdmitRules): 'answer' | SourceDropReason {
  const { port } = source;
  if (port === 0 || port < (rules.minSourcePort ?? FIRST_CLIENT_PORT)) return 'source-port-low';
  if (port < FIRST_CLIENT_PORT ? LOW_SERVICE_PORTS.has(port) : SERVICE_PORTS.has(port)) return 'source-port-service';
  const address = canonicalAddress(source.address);
  const refusal = address.includes(':') ? refuseIpv6(address) : refuseIpv4(address, rules.broadcasts);
  if (refusal !== undefined) return refusal;
  return isOwn(address, port, rules.own) ? 'source-own-endpoint' : 'answer';
}

function refuseIpv4(address: string, broadcasts: ReadonlySet<string>): SourceDropReason | undefined {
  const firstByte = Number.parseInt(address, 10);
  if (firstByte === 0) return 'source-unspecified';
  if (address === '255.255.255.255' || broadcasts.has(address)) return 'source-broadcast';
  if (firstByte >= 240) return 'source-reserved';
  return firstByte >= 224 ? 'source-multicast' : undefined;
}

function refuseIpv6(address: string): SourceDropReason | undefined {
  if (address === '::') return 'source-unspecified';
  return address.startsWith('ff') ? 'source-multicast' : undefined;
}

function isOwn(address: string, port: number, own: readonly OwnEndpoint[]): boolean {
  // Hot path, for each datagram, whose port nearly always differs: no closure.
  for (const endpoint of own) {
    if (endpoint.port === port && (isWildcard(endpoint.address) || canonicalAddress(endpoint.address) === address)) return true;
  }
  return false;
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

const MAPPED_PREFIX = '::ffff:';

/** Without its zone, and as IPv4 for a peer that a dual-stack IPv6 socket shows as `::ffff:192.0.2.1`. */
export function canonicalAddress(address: string): string {
  if (!address.includes(':')) return address;
  if (address.startsWith(MAPPED_PREFIX) && address.includes('.')) return address.slice(MAPPED_PREFIX.length);
  const zone = address.indexOf('%');
  return zone === -1 ? address : address.slice(0, zone);
}

/** A network interface's address, as in `os.networkInterfaces()`. */
export interface InterfaceAddress {
  readonly family: string;
  readonly address: string;
  readonly netmask: string;
}

/** The IPv4 broadcast address of each network: all host bits set. */
export function broadcastAddresses(interfaces: Iterable<InterfaceAddress>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { family, address, netmask } of interfaces) {
    // A network of one host, or of two (RFC 3021), has no broadcast address.
    if (family !== 'IPv4' || netmask === '255.255.255.255' || netmask === '255.255.255.254') continue;
    const mask = netmask.split('.').map(Number);
    const bytes = address.split('.').map((byte, index) => Number(byte) | (~(mask[index] ?? 255) & 255));
    found.add(bytes.join('.'));
  }
  return found;
}
