/** Where the IP packet begins behind the header of each link type that is read, by its LINKTYPE_ number. */
const STARTS: Readonly<Record<number, (bytes: Uint8Array) => number>> = {
  /** Loopback of BSD and macOS: the address family in four bytes. */
  0: () => 4,
  108: () => 4,
  1: (bytes) => behindType(bytes, 12),
  /** IP and nothing before it. */
  12: () => 0,
  14: () => 0,
  101: () => 0,
  228: () => 0,
  229: () => 0,
  /** The two of Linux for `-i any`. */
  113: (bytes) => behindType(bytes, 14),
  276: (bytes) => (isIp(u16(bytes, 0)) ? 20 : -1),
};

const VLAN_TAGS = [0x81_00, 0x88_a8, 0x91_00];

/** Where the IP packet begins; −1 when it is another protocol, `undefined` when the link type is not read. */
export function ipStart(bytes: Uint8Array, linkType: number): number | undefined {
  return Object.hasOwn(STARTS, linkType) ? STARTS[linkType]!(bytes) : undefined;
}

/** Behind the type of what follows at `at`, and tags of virtual networks before it. */
function behindType(bytes: Uint8Array, at: number): number {
  let typeAt = at;
  while (VLAN_TAGS.includes(u16(bytes, typeAt))) typeAt += 4;
  return isIp(u16(bytes, typeAt)) ? typeAt + 2 : -1;
}

function isIp(type: number): boolean {
  return type === 0x08_00 || type === 0x86_dd;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
