import { expect, test } from 'vitest';
import { chunkIsGone } from '../../src/decoding/gone-chunk.ts';
import { lengthPrefixed, u16be } from '../../src/index.ts';
import { sticky } from '../../src/testing.ts';
import { pattern } from '../support/bytes.ts';

test('the error of a chunk that was transferred tells how many bytes of it were lost, and what to do', () => {
  const codec = lengthPrefixed({ length: u16be });
  const decoder = codec.createDecoder();
  const chunk = sticky([200, 90, 80].map((byteLength) => codec.encode(pattern(byteLength))));
  decoder.push(chunk);
  expect(decoder.next()?.length).toBe(200);
  structuredClone(undefined, { transfer: [chunk.buffer] });
  const unreadBytes = 2 + 90 + 2 + 80;
  expect(() => decoder.next()).toThrow(chunkIsGone(unreadBytes));
  expect(chunkIsGone(unreadBytes).message).toBe(
    "the memory of the current chunk was transferred with 174 bytes of it unread: to transfer payloads, decode with payload: 'copy'",
  );
});

test.each([0, 2, 4])('a chunk that was transferred before it is pushed is no empty chunk, behind %i bytes of a frame', (heldBytes) => {
  const codec = lengthPrefixed({ length: u16be });
  const decoder = codec.createDecoder();
  const frame = codec.encode(pattern(90));
  decoder.push(frame.slice(0, heldBytes));
  decoder.next();
  const chunk = frame.slice(heldBytes);
  structuredClone(undefined, { transfer: [chunk.buffer] });
  expect(() => decoder.push(chunk)).toThrow(new TypeError('the memory of a chunk was transferred before the chunk was read'));
  decoder.push(frame.slice(heldBytes));
  expect(decoder.next()).toEqual(pattern(90));
});
