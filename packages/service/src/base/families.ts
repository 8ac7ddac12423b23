/** Socket families that users may know from other languages and Node.js lacks, and what to use instead. */
const MISSING: Readonly<Record<string, string>> = {
  can: 'CAN sockets (AF_CAN); bridge the bus to TCP with socketcand and use tcp://',
  rds: 'RDS sockets (AF_RDS); use tcp:// for reliable delivery',
  raw: 'raw sockets (SOCK_RAW); use tcp:// or udp://, and tcpdump or Wireshark to see packets',
  packet: 'packet sockets (AF_PACKET); use tcp:// or udp://, and tcpdump or Wireshark to see packets',
  netlink: 'netlink sockets (AF_NETLINK); use tcp:// or udp://, and the ip command to talk to the kernel',
  vsock: 'VM sockets (AF_VSOCK); use tcp://, with socat VSOCK-LISTEN as the bridge',
  sctp: 'SCTP sockets (IPPROTO_SCTP); use tcp:// for a stream, udp:// for messages',
  seqpacket: 'SOCK_SEQPACKET sockets; use unix:/path.sock or tcp:// with a framing',
  bluetooth: 'Bluetooth sockets (AF_BLUETOOTH); use tcp://, with socat or rfcomm as the bridge',
  unixgram: 'AF_UNIX datagram sockets; use udp://127.0.0.1:PORT',
};

const UNIX_DATAGRAMS = 'Node.js has no AF_UNIX datagram sockets; use udp://127.0.0.1:PORT, or tcp-echo for a unix stream socket';

/** The advice for a scheme that cannot be listened on, or undefined for any other scheme. */
export function unsupportedFamily(scheme: string, transport: 'tcp' | 'udp'): string | undefined {
  if (scheme === 'unix' && transport === 'udp') return UNIX_DATAGRAMS;
  const missing = Object.hasOwn(MISSING, scheme) ? MISSING[scheme] : undefined;
  return missing === undefined ? undefined : `Node.js has no ${missing}`;
}
