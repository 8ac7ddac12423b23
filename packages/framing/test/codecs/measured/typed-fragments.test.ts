import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { codecOf, delimited, layoutOf } from '../../../src/index.ts';
import { framed } from '../../../src/node.ts';
import { checkCodec, decodeAll } from '../../../src/testing.ts';
import { FILES } from '../../layout/files.ts';
import { bytes, fromHex, pattern, text, toHex } from '../../support/bytes.ts';
import type { Bytes, FragmentsLayout, Layout } from '../../../src/index.ts';
import type { FramedSocket } from '../../../src/node.ts';
import type { AddressInfo } from 'node:net';

const { preamble: _preamble, ...MESSAGES } = FILES.get('websocket-messages') as Layout as FragmentsLayout;
const MASKED: FragmentsLayout = { ...MESSAGES, maskingKey: '37fa213d', maxFragmentBytes: 3 };

test('messages are written whole, in fragments, masked, and read back', () => {
  expect(toHex(codecOf(MESSAGES).encode(bytes('Hello')))).toBe('82 05 48 65 6c 6c 6f');
  expect(toHex(codecOf(MASKED).encode(bytes('Hello')))).toBe('02 83 37 fa 21 3d 7f 9f 4d 80 82 37 fa 21 3d 5b 95');
  for (const layout of [MESSAGES, MASKED]) checkCodec(codecOf(layout), [bytes('Hello'), bytes(''), pattern(125), pattern(126)]);
  const long = pattern(70_000);
  expect(decodeAll(codecOf(MASKED), [codecOf(MASKED).encode(long)])).toEqual([long]);
});

test('other protocols have types too: GIOP 1.2 goes on in messages of type 7', () => {
  const giop = codecOf({
    kind: 'fragments',
    header: [
      { name: 'magic', bytes: '47494f500102' },
      { name: 'flags', field: 'u8' },
      { name: 'type', field: 'u8' },
      { name: 'length', field: 'u32be' },
    ],
    goOn: { bit: 2, at: 6, set: 'more' },
    types: { at: 7, bits: 255, first: [0, 1], next: [7], control: [5, 6] },
    maxFragmentBytes: 8,
  });
  expect(toHex(giop.encode(pattern(9))).match(/47 49 4f 50 01 02 0\d 0\d/g)).toEqual([
    '47 49 4f 50 01 02 02 00',
    '47 49 4f 50 01 02 00 07',
  ]);
  checkCodec(giop, [pattern(9), pattern(8), bytes('')]);
});

test('a layout with types prints itself, and is made of what it printed', () => {
  const printed = layoutOf(codecOf(MASKED));
  expect(printed).toMatchObject({ types: MASKED.types, maskingKey: '37fa213d', maxFragmentBytes: 3 });
  expect(layoutOf(codecOf(printed))).toEqual(printed);
});

test('what types cannot be is refused, and where', () => {
  const wrong =
    (types: object): (() => unknown) =>
    () =>
      codecOf({ ...MESSAGES, types } as never);
  expect(wrong({ ...MESSAGES.types, last: 1 })).toThrow('layout.types has "last"; allowed: at, bits, first');
  expect(wrong({ ...MESSAGES.types, first: ['1'] })).toThrow('layout.types.first[0] is "1", allowed: a whole number');
  expect(() => codecOf({ kind: 'choice', of: [{ startsWith: '01', layout: MESSAGES }, { layout: { kind: 'line' } }] })).toThrow(
    'allowed: fragments without types',
  );
});

/** A server of ws, and a connection to it behind its handshake. */
async function connected(layout: FragmentsLayout, serve: (peer: WebSocket) => void): Promise<FramedSocket<Bytes, Bytes>> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.once('upgrade', (request, socket, head) => {
    server.close();
    new WebSocketServer({ noServer: true }).handleUpgrade(request, socket, head, serve);
  });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  const head = framed(socket, delimited({ delimiters: '\r\n\r\n' }));
  expect(text((await head.receive())!)).toContain('101 Switching Protocols');
  return head.switchCodec(codecOf(layout));
}

test.each([
  ['skip', ['fragmented', 'echo hello']],
  ['emit', ['between', 'fragmented', 'echo hello', 'gone']],
] as const)('ws sends fragments and control frames, which are there with %s, and reads ours', async (onControl, expected) => {
  const connection = await connected({ ...MASKED, types: { ...MESSAGES.types!, onControl } }, (peer) => {
    peer.send('frag', { fin: false });
    peer.ping('between');
    peer.send('mented');
    peer.on('message', (message: Buffer) => {
      peer.send(`echo ${message.toString()}`);
      peer.close(1000, 'gone');
    });
  });
  await connection.send(bytes('hello'));
  const received: string[] = [];
  while (received.length < expected.length) received.push(text((await connection.receive())!).replace('\u0003\u00e8', ''));
  expect(received.map((each) => each.replace(/^.*gone$/s, 'gone'))).toEqual(expected);
  await connection.close();
});

test('a message of RFC 6455, 5.7 with a ping between its fragments', () => {
  expect(decodeAll(codecOf(MESSAGES), [fromHex('01 03 48656c 89 05 48656c6c6f 80 02 6c6f 8a 85 37fa213d 7f9f4d5158')]).map(text)).toEqual([
    'Hello',
  ]);
});
