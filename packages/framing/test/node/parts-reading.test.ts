import { once } from 'node:events';
import { socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { lengthPrefixed, line, u32be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { sticky } from '../../src/testing.ts';
import { bytes, fromHex, text } from '../support/bytes.ts';
import type { Bytes, PayloadParts } from '../../src/index.ts';

const u32 = lengthPrefixed({ length: u32be, maxPayloadBytes: 2 ** 30 });

function frames(...payloads: readonly string[]): Bytes {
  return sticky(payloads.map((payload) => u32.encode(bytes(payload))));
}

async function joined(message: PayloadParts | undefined): Promise<string> {
  const parts: Bytes[] = [];
  for await (const part of message!) parts.push(part);
  return text(sticky(parts));
}

test.each([0, 10, 1_000_000])(
  'messages in parts and whole ones take turns on one connection, with %i bytes read ahead',
  async (readAheadBytes) => {
    await using pair = await socketPair();
    const messages = framed(pair.server, u32, { readAheadBytes });
    pair.client.end(frames('one', 'two', 'three', 'four', 'five', 'six'));
    expect(text((await messages.receive())!)).toBe('one');
    expect(await joined(await messages.payloadParts())).toBe('two');
    const third = await messages.payloadParts();
    expect(third?.byteLength).toBe(5);
    expect(await joined(await messages.payloadParts())).toBe('four');
    expect(text((await messages.receive())!)).toBe('five');
    await expect(joined(third)).rejects.toThrow('before the next one is asked for');
    expect(await joined(await messages.payloadParts())).toBe('six');
    expect([await messages.payloadParts(), await messages.receive()]).toEqual([undefined, undefined]);
    expect(messages.framesIn).toBe(6);
  },
);

test('a message under way is passed over when the next one is wanted whole', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  pair.client.write(fromHex('00000003 61'));
  const left = await messages.payloadParts();
  expect(left?.byteLength).toBe(3);
  const next = messages.receive();
  pair.client.write(sticky([bytes('bc'), frames('next')]));
  expect(text((await next)!)).toBe('next');
  await expect(joined(left)).rejects.toThrow('before the next one is asked for');
});

test('nothing is read while the program does not ask for parts', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  pair.client.write(u32.encode(new Uint8Array(2_000_000)));
  const message = (await messages.payloadParts())!;
  const seen: number[] = [];
  for await (const part of message) {
    seen.push(part.length);
    // A turn in which a socket that is not paused would read on.
    await new Promise((resolve) => setImmediate(resolve));
    expect(pair.server.bytesRead).toBeLessThanOrEqual(seen.reduce((sum, length) => sum + length, 4) + 3 * 65_536);
  }
  expect(seen.reduce((sum, length) => sum + length)).toBe(2_000_000);
});

test('a peer that stops inside a message ends the wait for its next part', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32, { partialFrameTimeoutMs: 30 });
  pair.client.write(fromHex('00000003 61'));
  await expect(joined(await messages.payloadParts())).rejects.toMatchObject({ code: 'FRAME_ERR_TIMEOUT' });
});

test('the end inside a message, and a closed socket, reject the loop over its parts', async () => {
  await using pair = await socketPair();
  pair.client.end(fromHex('00000003 61'));
  await expect(joined(await framed(pair.server, u32).payloadParts())).rejects.toMatchObject({ code: 'FRAME_ERR_TRUNCATED' });
  await using other = await socketPair();
  other.client.write(fromHex('00000003 61'));
  const message = await framed(other.server, u32).payloadParts();
  other.server.destroy();
  await expect(joined(message)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
});

test('detach() and switchCodec() give the bytes behind what was read, and end the parts', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  pair.client.write(sticky([frames('one'), bytes('line\nrest')]));
  const one = await messages.payloadParts();
  expect(await joined(one)).toBe('one');
  const lines = messages.switchCodec(line());
  expect(text((await lines.receive())!)).toBe('line');
  expect(text(lines.detach())).toBe('rest');
  await expect(lines.payloadParts()).rejects.toThrow('line cannot be read in parts');
});

test('two connections do not mix', async () => {
  await using first = await socketPair();
  await using second = await socketPair();
  const both = [first, second].map(({ server }) => framed(server, u32));
  first.client.write(fromHex('00000002 61'));
  second.client.write(fromHex('00000002 78'));
  const [a, x] = await Promise.all(both.map((messages) => messages.payloadParts()));
  second.client.write('y');
  first.client.write('b');
  expect(await Promise.all([joined(a), joined(x)])).toEqual(['ab', 'xy']);
  first.client.end();
  await once(first.server, 'end');
});

test.each(['close', 'detach'] as const)(
  '%s() in the middle of a payload ends the loop over its parts with an error: it was not whole',
  async (leave) => {
    await using pair = await socketPair();
    pair.client.resume();
    const messages = framed(pair.server, u32);
    pair.client.write(fromHex('00000009 616263'));
    const seen: string[] = [];
    const parts = (await messages.payloadParts())!;
    const reading = (async () => {
      for await (const part of parts) {
        seen.push(text(part));
        void messages[leave]();
      }
    })();
    await expect(reading).rejects.toThrow(`before detach(), switchCodec() or close()`);
    expect(seen).toEqual(['abc']);
  },
);
