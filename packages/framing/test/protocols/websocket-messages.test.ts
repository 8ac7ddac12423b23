import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { delimited, websocketMessages } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { checkCodec, decodeAll, drip, everySplit } from '../../src/testing.ts';
import { bytes, fromHex, pattern, text, toHex } from '../support/bytes.ts';
import type { Bytes } from '../../src/index.ts';
import type { AddressInfo } from 'node:net';

const KEY = fromHex('37fa213d');

function shown(wire: Bytes, chunks: readonly Bytes[] = [wire]): readonly string[] {
  return decodeAll(websocketMessages(), chunks).map(({ header, payload }) => `${header.opcode} ${text(payload)}`);
}

test('the examples of RFC 6455, 5.7: whole, masked, in fragments, a ping between them', () => {
  for (const [wire, messages] of [
    ['81 05 48656c6c6f', ['1 Hello']],
    ['81 85 37fa213d 7f9f4d5158', ['1 Hello']],
    ['01 03 48656c 80 02 6c6f', ['1 Hello']],
    ['89 05 48656c6c6f 8a 85 37fa213d 7f9f4d5158', ['9 Hello', '10 Hello']],
    ['01 03 48656c 89 00 00 00 80 02 6c6f 82 00', ['9 ', '1 Hello', '2 ']],
  ] as const) {
    const stream = fromHex(wire);
    for (const chunks of [[stream], drip(stream), ...everySplit(stream)]) expect(shown(stream, chunks)).toEqual(messages);
  }
});

test('messages are written whole, masked by a key, or in fragments of a length, and read back', () => {
  const hello = { header: { opcode: 1 }, payload: bytes('Hello') };
  expect(toHex(websocketMessages().encode(hello))).toBe('81 05 48 65 6c 6c 6f');
  expect(toHex(websocketMessages({ maskingKey: () => KEY }).encode(hello))).toBe('81 85 37 fa 21 3d 7f 9f 4d 51 58');
  expect(toHex(websocketMessages({ maxFragmentBytes: 3 }).encode(hello))).toBe('01 03 48 65 6c 80 02 6c 6f');
  const messages = [0, 1, 125, 126, 70_000].map((byteLength) => ({ header: { opcode: 2 }, payload: pattern(byteLength) }));
  for (const options of [{}, { maskingKey: () => KEY }, { maxFragmentBytes: 50 }]) {
    checkCodec(websocketMessages(options), [...messages.slice(0, 4), { header: { opcode: 9 }, payload: bytes('ping') }]);
    const codec = websocketMessages(options);
    for (const message of messages) expect(decodeAll(codec, [codec.encode(message)])).toEqual([message]);
  }
});

test('what cannot be a message is refused', () => {
  expect(() => websocketMessages({ maxFragmentBytes: 0 })).toThrow('maxFragmentBytes is 0');
  const codec = websocketMessages({ maskingKey: () => fromHex('00') });
  expect(() => codec.encode({ header: { opcode: 3 }, payload: bytes('') })).toThrow('opcode 3; allowed: 1, 2, 8, 9, 10');
  expect(() => codec.encode({ header: { opcode: 9 }, payload: pattern(126) })).toThrow('a control frame of 126 bytes, limit 125');
  expect(() => codec.encode({ header: { opcode: 1 }, payload: bytes('') })).toThrow('a masking key of 1 bytes; allowed: 4');
});

test('ws sends fragments with a ping between them, and reads ours', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.once('upgrade', (request, socket, head) => {
    const peers = new WebSocketServer({ noServer: true });
    peers.handleUpgrade(request, socket, head, (peer: WebSocket) => {
      peer.send('frag', { fin: false });
      peer.ping('between');
      peer.send('mented');
      peer.on('message', (data: Buffer) => peer.send(`echo ${data.toString()}`));
      peer.on('ping', (data: Buffer) => peer.send(`ping ${data.toString()}`));
    });
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );

  const head = framed(socket, delimited({ delimiters: '\r\n\r\n' }));
  expect(text((await head.receive())!)).toContain('101 Switching Protocols');
  const messages = head.switchCodec(websocketMessages({ maxFragmentBytes: 2, maskingKey: () => KEY }));
  const received: string[] = [];
  const receive = async (): Promise<void> => {
    const message = (await messages.receive())!;
    received.push(`${message.header.opcode} ${text(message.payload)}`);
  };
  await receive();
  await receive();
  await messages.send({ header: { opcode: 1 }, payload: bytes('hello') });
  await messages.send({ header: { opcode: 9 }, payload: bytes('?') });
  for (let count = 0; count < 3; count++) await receive();
  expect(received.toSorted()).toEqual(['1 echo hello', '1 fragmented', '1 ping ?', '10 ?', '9 between'].toSorted());
  expect(received.slice(0, 2)).toEqual(['9 between', '1 fragmented']);
  socket.destroy();
  server.close();
});
