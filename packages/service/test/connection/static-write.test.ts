import { readAll, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { READ_BYTES } from '../../src/connection/static-read.ts';
import { writeRange, writeTransient } from '../../src/connection/static-write.ts';
import { linkServer, patternOf, Recorder } from './links.ts';

/** Longer than a page, than one memory, and one byte to each side of it. */
const LENGTHS = [1, 2, 4096, 1, READ_BYTES - 1, READ_BYTES, READ_BYTES + 1, 5, 5, 3 * READ_BYTES, 7];

test('what is written arrives, though its memory is overwritten after every call', async () => {
  await using server = await linkServer();
  await using pair = await server.open(new Recorder());
  const reused = Buffer.alloc(3 * READ_BYTES);
  const expected: Buffer[] = [];
  for (const [seed, byteLength] of LENGTHS.entries()) {
    const bytes = patternOf(seed, byteLength);
    bytes.copy(reused);
    writeTransient(pair.link.socket, reused, byteLength);
    reused.fill(0xee);
    expected.push(bytes);
  }
  pair.link.socket.end();
  expect(await readAll(pair.client)).toEqual(Buffer.concat(expected));
});

test('only the first bytes of the memory are written', async () => {
  await using server = await linkServer();
  await using pair = await server.open(new Recorder());
  writeTransient(pair.link.socket, Buffer.from('abcdef'), 3);
  writeTransient(pair.link.socket, Buffer.from('ghi'), 3);
  expect((await receive(pair.client, 6)).toString()).toBe('abcghi');
});

test('what the system has not taken stays as it was while other sockets write', async () => {
  await using server = await linkServer('unix');
  await using stuck = await server.open(new Recorder());
  await using other = await server.open(new Recorder());
  const reused = Buffer.alloc(READ_BYTES);
  const expected: Buffer[] = [];
  // Until the system holds as much as it does for one who does not read: what follows waits in memory.
  for (let seed = 0; stuck.link.pendingBytes < 4 * READ_BYTES; seed++) {
    const bytes = patternOf(seed, READ_BYTES);
    bytes.copy(reused);
    writeTransient(stuck.link.socket, reused, READ_BYTES);
    expected.push(bytes);
    reused.fill(0xee);
    writeTransient(other.link.socket, reused, 100);
    expect((await receive(other.client, 100)).equals(Buffer.alloc(100, 0xee))).toBe(true);
  }
  stuck.link.socket.end();
  expect((await readAll(stuck.client)).equals(Buffer.concat(expected))).toBe(true);
});

test('more than there is throws, and sends nothing of what another connection left in the memory', async () => {
  await using server = await linkServer();
  await using first = await server.open(new Recorder());
  await using second = await server.open(new Recorder());
  writeTransient(first.link.socket, Buffer.from('a secret of the first'), 21);
  expect(() => writeTransient(second.link.socket, Buffer.from('short'), 21)).toThrow('bytes 0 to 21; allowed: those of 5');
  expect(() => writeRange(second.link.socket, Buffer.alloc(40, 'x'), 30, 51)).toThrow('bytes 30 to 51; allowed: those of 40');
  expect(() => writeRange(second.link.socket, Buffer.from('short'), 3, 1)).toThrow(RangeError);
  second.link.socket.end('mine');
  expect((await readAll(second.client)).toString()).toBe('mine');
});
