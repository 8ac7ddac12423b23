import { expect, test } from 'vitest';
import { WebSocketDecoder } from '../../src/protocols/websocket-decoder.ts';
import { drip } from '../../src/testing.ts';
import { bytes, fromHex, text, toHex } from '../support/bytes.ts';

test.each([
  ['c1 00', 'FRAME_ERR_BAD_MAGIC', 0],
  ['83 00', 'FRAME_ERR_BAD_MAGIC', 0],
  ['80 00', 'FRAME_ERR_BAD_MAGIC', 0],
  ['81 00 00 00', 'FRAME_ERR_BAD_MAGIC', 2],
  ['01 00 81 00', 'FRAME_ERR_BAD_MAGIC', 2],
  ['09 00', 'FRAME_ERR_BAD_MAGIC', 0],
  [`89 7e 007e ${'00'.repeat(126)}`, 'FRAME_ERR_MALFORMED_LENGTH', 0],
  ['01 03 616263 00 02 6465', 'FRAME_ERR_TOO_LARGE', 5],
  ['01 01 61 89 00', 'FRAME_ERR_TRUNCATED', 5],
  ['01 01 61 80 05 61', 'FRAME_ERR_TRUNCATED', 3],
])('%s is %s at byte %i, however it was cut, and stays it', (wire, code, offset) => {
  const stream = fromHex(wire);
  for (const chunks of [[stream], drip(stream)]) {
    const decoder = new WebSocketDecoder(wire.startsWith('01 03') ? 4 : 200);
    const read = (): void => {
      for (const chunk of chunks) {
        decoder.push(chunk);
        while (decoder.next() !== undefined);
      }
      decoder.end();
    };
    expect(read).toThrow(expect.objectContaining({ code, offset }));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code }));
  }
});

test('messages of two connections do not mix, and detach() gives back whole frames', () => {
  const [first, second] = [new WebSocketDecoder(100), new WebSocketDecoder(100)];
  first.push(fromHex('01 01 61'));
  second.push(fromHex('01 01 78'));
  expect([first.next(), second.next(), first.bufferedBytes, first.neededBytes]).toEqual([undefined, undefined, 1, 2]);
  first.push(fromHex('80 01 62 82'));
  second.push(fromHex('80 01 79'));
  expect([first.next(), second.next()].map((message) => text(message!.payload))).toEqual(['ab', 'xy']);
  expect(first.next()).toBeUndefined();
  expect(toHex(first.detach())).toBe('82');
});

test('a masked payload is a copy: the chunk of the caller stays as it is', () => {
  const chunk = fromHex('81 85 37fa213d 7f9f4d5158');
  const decoder = new WebSocketDecoder(100, { payload: 'view' });
  decoder.push(chunk);
  expect(decoder.next()?.payload).toEqual(bytes('Hello'));
  expect(toHex(chunk)).toBe('81 85 37 fa 21 3d 7f 9f 4d 51 58');
});
