import { expect, test } from 'vitest';
import { createSideDecoder, framingOf } from '../../src/index.ts';
import { drip, everySplit, randomSplits, sticky } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, toHex } from '../support/bytes.ts';
import { FILES } from './files.ts';
import type { Bytes, FramingEntry, Layout, Side } from '../../src/index.ts';

interface Stream {
  readonly file: string;
  readonly from: Side;
  readonly preamble: readonly Bytes[];
  readonly frames: readonly Bytes[];
}

const GET = bytes('GET / HTTP/1.1\r\n\r\n');
const NO_CONTENT = bytes('HTTP/1.1 204 x\r\n\r\n');
const HELLO = fromHex('16 0301 0004 01000000');
const texts = (...all: readonly string[]): readonly Bytes[] => all.map(bytes);
const hex = (...all: readonly string[]): readonly Bytes[] => all.map(fromHex);

/** As haproxy, curl with microsocks, smtplib with aiosmtpd, and ldapsearch with slapd sent them; the rest is of the specifications. */
const STREAMS: Readonly<Record<string, Stream>> = {
  'PROXY, version 1': {
    file: 'http1-behind-proxy',
    from: 'client',
    preamble: texts('PROXY TCP4 127.0.0.1 127.0.0.1 41110 18101\r\n'),
    frames: [GET, GET],
  },
  'PROXY, version 1, of a peer that is not known': {
    file: 'http1-behind-proxy',
    from: 'client',
    preamble: texts('PROXY UNKNOWN\r\n'),
    frames: [GET],
  },
  'PROXY, version 2': {
    file: 'http1-behind-proxy',
    from: 'client',
    preamble: hex('0d0a0d0a000d0a515549540a 21 11 000c 7f000001 7f000001 9c94 46b6'),
    frames: [GET],
  },
  'PROXY, version 2, of the proxy itself': {
    file: 'http1-behind-proxy',
    from: 'client',
    preamble: hex('0d0a0d0a000d0a515549540a 20 00 0000'),
    frames: [GET],
  },
  'PROXY: the server sends none': { file: 'http1-behind-proxy', from: 'server', preamble: [], frames: [NO_CONTENT] },
  'SOCKS5 to an IPv4 address': {
    file: 'http1-over-socks5',
    from: 'client',
    preamble: hex('05 02 00 01', '05 01 00 01 7f000001 46ab'),
    frames: [GET, GET],
  },
  'SOCKS5 with a password, to a name': {
    file: 'http1-over-socks5',
    from: 'client',
    preamble: hex('05 03 00 01 02', '01 03 616461 06 736563726574', '05 01 00 03 09 6c6f63616c686f7374 46ab'),
    frames: [GET],
  },
  'SOCKS5 with an empty password, to an IPv6 address': {
    file: 'http1-over-socks5',
    from: 'client',
    preamble: hex('05 01 02', '01 01 61 00', `05 01 00 04 ${'00'.repeat(15)}01 0050`),
    frames: [GET],
  },
  'SOCKS5: the answers': {
    file: 'http1-over-socks5',
    from: 'server',
    preamble: hex('05 00', '05 00 00 01 00000000 0000'),
    frames: [NO_CONTENT],
  },
  'SOCKS5: the answers to a password': {
    file: 'http1-over-socks5',
    from: 'server',
    preamble: hex('05 02', '01 00', '05 00 00 03 01 61 0000'),
    frames: [NO_CONTENT],
  },
  'SOCKS5: a refusal': { file: 'http1-over-socks5', from: 'server', preamble: hex('05 00', '05 05 00 01 00000000 0000'), frames: [] },
  'STARTTLS of SMTP': {
    file: 'smtp-starttls',
    from: 'client',
    preamble: texts('ehlo client.example\r\n', 'STARTTLS\r\n'),
    frames: [HELLO, ...hex('14 0303 0001 01')],
  },
  'STARTTLS of SMTP: the answers': {
    file: 'smtp-starttls',
    from: 'server',
    preamble: texts('220 x ESMTP\r\n', '250-x\r\n250-STARTTLS\r\n250 HELP\r\n', '220-go\r\n220 ahead\r\n'),
    frames: [HELLO],
  },
  'StartTLS of LDAP': {
    file: 'ldap-starttls',
    from: 'client',
    preamble: hex('30 1d 02 01 01 77 18 80 16 312e332e362e312e342e312e313436362e3230303337'),
    frames: [HELLO],
  },
  'StartTLS of LDAP: the answer': {
    file: 'ldap-starttls',
    from: 'server',
    preamble: hex('30 0c 02 01 01 78 07 0a 01 00 04 00 04 00'),
    frames: [HELLO],
  },
};

function decoderOf(file: string, from: Side): ReturnType<typeof createSideDecoder> {
  return createSideDecoder(framingOf(FILES.get(file)!), from);
}

function decoded(entry: FramingEntry, from: Side, chunks: readonly Bytes[]): readonly string[] {
  const decoder = createSideDecoder(entry, from);
  const units: string[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let unit = decoder.next(); unit !== undefined; unit = decoder.next())
      units.push(`${decoder.isPreamble === true ? 'preamble' : 'frame'} ${toHex(unit)}`);
  }
  decoder.end();
  return units;
}

test.each(Object.entries(STREAMS))('%s: every step and frame is found however they are cut', (_, stream) => {
  const { file, from, preamble, frames } = stream;
  const entry = framingOf(FILES.get(file)!);
  const wire = sticky([...preamble, ...frames]);
  const expected = [...preamble.map((step) => `preamble ${toHex(step)}`), ...frames.map((frame) => `frame ${toHex(frame)}`)];
  for (const chunks of [[wire], drip(wire), ...everySplit(wire), ...randomSplits(wire, { seed: 3, count: 5 })])
    expect(decoded(entry, from, chunks)).toEqual(expected);
});

test.each([
  ['http1-behind-proxy', 'client', GET, 'FRAME_ERR_BAD_MAGIC', 0],
  ['http1-behind-proxy', 'client', bytes(`PROXY ${'x'.repeat(120)}`), 'FRAME_ERR_TOO_LARGE', 0],
  ['http1-over-socks5', 'client', fromHex('04 01 00 50 7f000001 00'), 'FRAME_ERR_BAD_MAGIC', 0],
  ['http1-over-socks5', 'client', fromHex('05 01 00 05 01 00 02 7f000001 0050'), 'FRAME_ERR_BAD_MAGIC', 3],
  ['smtp-starttls', 'client', bytes('EHLO x\r\nMAIL FROM:<a@x>\r\n'), 'FRAME_ERR_BAD_MAGIC', 8],
  ['smtp-starttls', 'server', bytes('220 x\r\n250 x\r\n354 go\r\n'), 'FRAME_ERR_BAD_MAGIC', 14],
  ['ldap-starttls', 'server', fromHex('30 0c 02 01 01 78 07 0a 01 02 04 00 04 00'), 'FRAME_ERR_BAD_MAGIC', 0],
] as const)('%s refuses from the %s what is no such preamble', (file, from, wire, code, offset) => {
  for (const chunks of [[wire], drip(wire)]) {
    const decoder = decoderOf(file, from);
    const error = frameErrorOf(() => {
      for (const chunk of chunks) {
        decoder.push(chunk);
        while (decoder.next() !== undefined);
      }
    });
    expect(error).toMatchObject({ code, offset });
  }
});

test('a step of several parts is held up to 64 KiB before its last part', () => {
  const preamble = [{ name: 'two runs', frame: [60_000, { kind: 'frame', header: [{ name: 'length', field: 'u16be' }] }, 1] }] as const;
  const layout: Layout = { kind: 'line', preamble };
  const decoder = createSideDecoder(framingOf(layout), 'client');
  decoder.push(new Uint8Array(60_000));
  decoder.push(fromHex('15a0'));
  decoder.push(new Uint8Array(5536));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({
    code: 'FRAME_ERR_TOO_LARGE',
    message: 'two runs of 65538 bytes, limit 65536',
  });
});
