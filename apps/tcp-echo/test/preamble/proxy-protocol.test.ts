import { once } from 'node:events';
import { createServer } from 'node:net';
import { connectTo } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { crc32c } from '../../src/preamble/crc32c.ts';
import { ProxyHeaderError } from '../../src/preamble/proxy-header.ts';
import { createProxyHeaderReader } from '../../src/preamble/proxy-protocol.ts';
import { unixAddresses, v2Header, v4Addresses, v6Addresses } from './proxy-headers.ts';
import type { ProxyHeader } from '../../src/preamble/proxy-header.ts';
import type { ProxyHeaderReaderOptions } from '../../src/preamble/proxy-protocol.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const v4Ends = { source: { address: '192.168.0.1', port: 56_324 }, destination: { address: '192.168.0.11', port: 443 } };
const v6Ends = { source: { address: '2001:db8::1', port: 56_324 }, destination: { address: '2001:db8::b', port: 443 } };
const noEnds = { source: undefined, destination: undefined };
const v1 = (ends: Pick<ProxyHeader, 'source' | 'destination'>): ProxyHeader => ({ version: 1, command: 'proxy', ...ends });
const v2 = (ends: Pick<ProxyHeader, 'source' | 'destination'>): ProxyHeader => ({ version: 2, command: 'proxy', ...ends });
const local: ProxyHeader = { version: 2, command: 'local', ...noEnds };

/** Pushes the chunks, of which the last completes the header. */
function read(chunks: readonly Uint8Array[], options?: ProxyHeaderReaderOptions) {
  const reader = createProxyHeaderReader(options);
  const results = chunks.map((chunk) => reader.push(chunk));
  for (const result of results.slice(0, -1)) expect(result).toEqual({ state: 'more' });
  return results.at(-1);
}

function refusal(chunks: readonly Uint8Array[], options?: ProxyHeaderReaderOptions): ProxyHeaderError {
  try {
    read(chunks, options);
  } catch (error) {
    if (error instanceof ProxyHeaderError) return error;
    throw error;
  }
  return expect.fail('the header was not refused');
}

const LONGEST_UNKNOWN = `PROXY UNKNOWN ${'f'.repeat(91)}\r\n`;

const headers: readonly (readonly [name: string, header: Uint8Array, expected: ProxyHeader])[] = [
  ['v1 TCP4', bytes('PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n'), v1(v4Ends)],
  ['v1 TCP6', bytes('PROXY TCP6 2001:db8::1 2001:DB8:0:0:0:0:0:b 56324 443\r\n'), v1(v6Ends)],
  [
    'v1 TCP6 at its longest',
    bytes(`PROXY TCP6 ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`),
    v1({
      source: { address: `${'ffff:'.repeat(7)}ffff`, port: 65_535 },
      destination: { address: `${'ffff:'.repeat(7)}ffff`, port: 65_535 },
    }),
  ],
  ['v1 UNKNOWN', bytes('PROXY UNKNOWN\r\n'), v1(noEnds)],
  ['v1 UNKNOWN of 107 bytes', bytes(LONGEST_UNKNOWN), v1(noEnds)],
  ['v2 TCP over IPv4', v2Header(), v2(v4Ends)],
  ['v2 UDP over IPv4', v2Header({ protocol: 2 }), v2(v4Ends)],
  ['v2 TCP over IPv6', v2Header({ family: 2, addresses: v6Addresses() }), v2(v6Ends)],
  ['v2 unix stream', v2Header({ family: 3, addresses: unixAddresses() }), v2(noEnds)],
  ['v2 unix datagram', v2Header({ family: 3, protocol: 2, addresses: unixAddresses() }), v2(noEnds)],
  ['v2 UNSPEC', v2Header({ family: 0, protocol: 0, addresses: new Uint8Array(0) }), v2(noEnds)],
  ['v2 UNSPEC with bytes of its own', v2Header({ family: 0, protocol: 0, addresses: bytes('whatever it means') }), v2(noEnds)],
  ['v2 IPv4 of no protocol', v2Header({ protocol: 0 }), v2(noEnds)],
  ['v2 LOCAL', v2Header({ command: 0, family: 0, protocol: 0, addresses: new Uint8Array(0) }), local],
  ['v2 LOCAL with a family that is ignored', v2Header({ command: 0, family: 9, protocol: 9, addresses: bytes('x') }), local],
  [
    'v2 with TLVs',
    v2Header({
      tlvs: [
        [0x01, bytes('h2')],
        [0x04, new Uint8Array(0)],
        [0xe0, new Uint8Array(300)],
      ],
    }),
    v2(v4Ends),
  ],
  ['v2 with a checksum', v2Header({ checksum: true, tlvs: [[0x02, bytes('example.org')]] }), v2(v4Ends)],
  ['v2 of 4096 bytes', v2Header({ tlvs: [[0x04, new Uint8Array(4096 - 12 - 3)]] }), v2(v4Ends)],
];

test.each(headers)('%s is read whole, and what follows it is the client’s', (_name, header, expected) => {
  for (const rest of [bytes(''), bytes('hello'), bytes('PROXY UNKNOWN\r\n')]) {
    expect(read([Buffer.concat([header, rest])])).toEqual({ state: 'done', ...expected, rest: Buffer.from(rest) });
  }
});

test.each(headers)('%s is read the same cut at every position', (_name, header, expected) => {
  const stream = new Uint8Array([...header, ...bytes('hello')]);
  for (let cut = 0; cut < header.length; cut += 1) {
    expect(read([stream.subarray(0, cut), stream.subarray(cut)])).toEqual({ state: 'done', ...expected, rest: bytes('hello') });
  }
});

test.each(headers)('%s is read the same byte by byte, with empty chunks between', (_name, header, expected) => {
  const chunks = Array.from(header, (byte) => [new Uint8Array(0), Uint8Array.of(byte)]).flat();
  expect(read(chunks)).toEqual({ state: 'done', ...expected, rest: bytes('') });
});

test.each([[headers[0]?.[1] ?? bytes('')], [v2Header({ checksum: true })]])('a header cut into three pieces anywhere is read', (header) => {
  for (let first = 1; first < header.length - 1; first += 1) {
    for (let second = first + 1; second < header.length; second += 1) {
      const pieces = [header.subarray(0, first), header.subarray(first, second), header.subarray(second)];
      expect(read(pieces)).toMatchObject({ state: 'done', ...v4Ends });
    }
  }
});

test('the chunks stay as they are, and nothing of them is kept', () => {
  const header = v2Header({ checksum: true });
  const first = new Uint8Array(header.subarray(0, 20));
  const second = new Uint8Array(header.subarray(20));
  const reader = createProxyHeaderReader();
  reader.push(first);
  first.fill(0);
  expect(reader.push(second)).toMatchObject({ state: 'done', ...v4Ends });
  expect(second).toEqual(new Uint8Array(header.subarray(20)));
});

test.each([
  ['PROXY TCP4 192.168.0.1 192.168.0.11 56324\r\n'],
  ['PROXY TCP4 192.168.0.1 192.168.0.11 56324 443 1\r\n'],
  ['PROXY TCP4  192.168.0.1 192.168.0.11 56324 443\r\n'],
  ['PROXY TCP4 192.168.0.1 192.168.0.11 56324 443 \r\n'],
  ['PROXY TCP4 192.168.0.1 192.168.0.11 056324 443\r\n'],
  ['PROXY TCP4 192.168.0.1 192.168.0.11 65536 443\r\n'],
  ['PROXY TCP4 192.168.0.1 192.168.0.11 -1 443\r\n'],
  ['PROXY TCP4 192.168.0.256 192.168.0.11 1 443\r\n'],
  ['PROXY TCP4 192.168.000.001 192.168.0.11 1 443\r\n'],
  ['PROXY TCP4 ::1 ::1 1 443\r\n'],
  ['PROXY TCP6 192.168.0.1 192.168.0.11 1 443\r\n'],
  ['PROXY TCP6 fe80::1%eth0 ::1 1 443\r\n'],
  ['PROXY UDP4 192.168.0.1 192.168.0.11 1 443\r\n'],
  ['PROXY tcp4 192.168.0.1 192.168.0.11 1 443\r\n'],
  ['PROXY UNKNOWNS\r\n'],
  ['PROXY \r\n'],
  ['PROXY TCP4 192.168.0.1 192.168.0.11 1 443\n'],
  ['PROXY TCP4 192.168.0.1 192.168.0.11 1 443\rG'],
  ['PROXY UNKNOWN a\nb\r\n'],
])('version 1 refuses %j', (line) => {
  expect(refusal([bytes(line)])).toMatchObject({ name: 'ProxyHeaderError', code: 'PROXY_ERR_MALFORMED' });
  expect(refusal(Array.from(bytes(line), (byte) => Uint8Array.of(byte)))).toMatchObject({ code: 'PROXY_ERR_MALFORMED' });
});

test('version 1 has 107 bytes at most: the limit, and one over', () => {
  expect(LONGEST_UNKNOWN).toHaveLength(107);
  const tooLong = bytes(`PROXY UNKNOWN ${'f'.repeat(92)}\r\n`);
  expect(refusal([tooLong]).code).toBe('PROXY_ERR_TOO_LONG');
  expect(refusal([tooLong.subarray(0, 106), tooLong.subarray(106)]).code).toBe('PROXY_ERR_TOO_LONG');
  expect(refusal([bytes(`PROXY ${'x'.repeat(101)}`)]).message).toBe('PROXY header of version 1: no CR LF in 107 bytes');
  expect(read([bytes(`PROXY ${'x'.repeat(100)}`)])).toEqual({ state: 'more' });
});

test.each([
  ['version 1', { version: 1 }, 'version 1; allowed: 1 and 2'],
  ['version 3', { version: 3 }, 'version 3'],
  ['command 2', { command: 2 }, 'command 2; allowed: 0 and 1'],
  ['family 4', { family: 4 }, 'address family 4; allowed: 0 to 3'],
  ['protocol 3', { protocol: 3 }, 'protocol 3; allowed: 0 to 2'],
  ['IPv4 in 11 bytes', { addresses: v4Addresses().subarray(1) }, 'declares 11 bytes, its addresses alone take 12'],
  ['IPv6 in 35 bytes', { family: 2, addresses: v6Addresses().subarray(1) }, 'declares 35 bytes, its addresses alone take 36'],
  ['unix in 215 bytes', { family: 3, addresses: unixAddresses().subarray(1) }, 'declares 215 bytes, its addresses alone take 216'],
  [
    'a TLV of half a header',
    { addresses: Buffer.concat([v4Addresses(), bytes('\x04\0')]) },
    'the TLV at byte 28 ends outside of the header',
  ],
  ['a TLV that is cut', { addresses: Buffer.concat([v4Addresses(), bytes('\x04\0\x02x')]) }, 'the TLV at byte 28 ends outside'],
  ['a checksum of 3 bytes', { tlvs: [[0x03, bytes('abc')]] }, 'a CRC32c of 3 bytes, it has 4'],
] as const)('version 2 refuses %s', (_name, options, message) => {
  const header = v2Header(options);
  expect(refusal([header])).toMatchObject({ code: 'PROXY_ERR_MALFORMED', message: expect.stringContaining(message) });
  expect(refusal(Array.from(header, (byte) => Uint8Array.of(byte)))).toMatchObject({ message: expect.stringContaining(message) });
});

test('version 2 that declares more than 4096 bytes is refused before they come', () => {
  const header = v2Header({ declared: 4097 }).subarray(0, 16);
  expect(refusal([header])).toMatchObject({
    code: 'PROXY_ERR_TOO_LONG',
    message: 'PROXY header of version 2: declares 4097 bytes, limit 4096',
  });
  expect(read([v2Header({ declared: 4096 }).subarray(0, 16)])).toEqual({ state: 'more' });
});

test('a wrong version or command is refused at its byte', () => {
  expect(refusal([v2Header({ version: 1 }).subarray(0, 13)]).code).toBe('PROXY_ERR_MALFORMED');
  expect(refusal([v2Header({ family: 5 }).subarray(0, 14)]).code).toBe('PROXY_ERR_MALFORMED');
});

test('any bit of a header with a checksum that is turned is noticed', () => {
  const header = v2Header({ checksum: true });
  for (let bit = 16 * 8; bit < header.length * 8; bit += 1) {
    const turned = Uint8Array.from(header);
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    // Turned in the type or length of the TLV it is no checksum any more, or no TLV.
    const isInTlvHeader = bit >> 3 >= header.length - 7 && bit >> 3 < header.length - 4;
    if (!isInTlvHeader) expect(refusal([turned]).code).toBe('PROXY_ERR_CHECKSUM');
  }
});

test('the checksum is CRC32c: the check value of its definition', () => {
  expect(crc32c(bytes('123456789'))).toBe(0xe3_06_92_83);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a_91_36_aa);
});

test.each([
  ['GET / HTTP/1.1\r\n', 1],
  ['PROXY', 6],
  ['PROXYTCP4', 6],
  ['proxy TCP4', 1],
  ['\r\n\r\nhello', 5],
  ['\x16\x03\x01\x02\0', 1],
])('a connection that begins with %j is refused at its first wrong byte', (text, at) => {
  const begin = bytes(text.padEnd(at, 'x'));
  expect(read([begin.subarray(0, at - 1)])).toEqual({ state: 'more' });
  expect(refusal([begin.subarray(0, at)]).code).toBe('PROXY_ERR_MISSING');
  expect(refusal([begin]).message).toMatch(/^no PROXY header: the connection begins with .*; allowed: v1 or v2$/);
});

test('a version that is not accepted is missing', () => {
  expect(refusal([bytes('PROXY UNKNOWN\r\n')], { accept: 'v2' }).code).toBe('PROXY_ERR_MISSING');
  expect(refusal([v2Header()], { accept: 'v1' }).code).toBe('PROXY_ERR_MISSING');
  expect(read([v2Header()], { accept: 'v2' })).toMatchObject({ state: 'done' });
  expect(read([bytes('PROXY UNKNOWN\r\n')], { accept: 'v1' })).toMatchObject({ state: 'done' });
});

test('a reader that is done, or has refused, takes nothing more', () => {
  const done = createProxyHeaderReader();
  done.push(v2Header());
  expect(() => done.push(bytes('x'))).toThrow(RangeError);
  const refused = createProxyHeaderReader();
  expect(() => refused.push(bytes('x'))).toThrow(ProxyHeaderError);
  expect(() => refused.push(v2Header())).toThrow(RangeError);
});

test('a header that comes piece by piece over a socket is read, and the rest with it', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = await connectTo((server.address() as { port: number }).port);
  const [socket] = (await accepted) as [NodeJS.ReadableStream];
  const stream = Buffer.concat([v2Header({ checksum: true }), bytes('hello')]);
  const reader = createProxyHeaderReader();
  for (let offset = 0; ; offset += 7) {
    const arrived = once(socket, 'data');
    client.write(stream.subarray(offset, offset + 7));
    const result = reader.push((await arrived)[0] as Uint8Array);
    if (result.state === 'more') continue;
    expect(result).toMatchObject({ ...v4Ends, rest: Buffer.from(stream.subarray(v2Header({ checksum: true }).length, offset + 7)) });
    break;
  }
  client.destroy();
});
