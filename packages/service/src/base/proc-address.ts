/** `0100007F` → `127.0.0.1`: 32-bit words, each in the byte order of the machine. */
export function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => {
    const inOrder = word.match(/../g) ?? [];
    return isLittleEndian ? inOrder.toReversed() : inOrder;
  });
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = bytes.join('').match(/.{4}/g) ?? [];
  return canonicalHost(groups.join(':'));
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The shortest spelling (RFC 5952), so that two spellings of an IPv6 address compare equal. */
export function canonicalHost(host: string): string {
  const withoutZone = host.replace(/%.*$/, '');
  return withoutZone.includes(':') ? new URL(`http://[${withoutZone}]`).hostname.slice(1, -1) : host;
}
