import { socketPair } from '@socklab/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FrameError, lengthPrefixed, raw, u16be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { DEFAULT_PARTIAL_FRAME_TIMEOUT_MS, PartialFrameTimer } from '../../src/node/partial-frame-timer.ts';
import { sticky } from '../../src/testing.ts';
import { isPending, turns } from '../streams/turns.ts';
import { bytes, fromHex, text } from '../support/bytes.ts';
import { NaiveDecoder, naive } from '../support/naive-codec.ts';
import type { Bytes } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be });
const TIMEOUT_MS = 5000;

// The clock alone is not real: sockets, and the turns that wait for them, are.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Lets a promise that is about to settle do so, with its rejection seen. */
function settled<Value>(promise: Promise<Value>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

test('a frame that does not complete in time is FRAME_ERR_TIMEOUT, which says where and what', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u16, { partialFrameTimeoutMs: TIMEOUT_MS });
  pair.client.write(sticky([u16.encode(bytes('hello')), fromHex('00 05 68 65')]));
  expect((await messages.nextBatch())?.map(text)).toEqual(['hello']);
  const next = settled(messages.nextBatch());
  await turns(2);
  vi.advanceTimersByTime(TIMEOUT_MS - 1);
  expect(await isPending(next)).toBe(true);
  vi.advanceTimersByTime(1);
  const error = await next;
  expect(error).toBeInstanceOf(FrameError);
  expect(error).toMatchObject({
    code: 'FRAME_ERR_TIMEOUT',
    offset: 7,
    frameIndex: 1,
    hex: '00 05 68 65',
    message: 'a frame did not complete within 5000 ms: 4 bytes of it arrived (frame 1 at byte 7, which starts with 00 05 68 65)',
  });
  await expect(messages.nextBatch()).rejects.toBe(error);
  expect([pair.server.isPaused(), pair.server.destroyed]).toEqual([true, false]);
  expect(() => messages.detach()).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TIMEOUT' }));
});

test('bytes that trickle in do not prolong it', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u16, { partialFrameTimeoutMs: TIMEOUT_MS });
  const reading = settled(
    (async () => {
      for await (const message of messages) throw new Error(`unexpected ${text(message)}`);
    })(),
  );
  pair.client.write(fromHex('00'));
  for (let second = 0; second < 5; second++) {
    await turns(2);
    expect([await isPending(reading), vi.getTimerCount()]).toEqual([true, 1]);
    pair.client.write(fromHex('20'));
    vi.advanceTimersByTime(1000);
  }
  expect(await reading).toMatchObject({ code: 'FRAME_ERR_TIMEOUT' });
});

test('the time starts anew with each frame, and there is none between frames', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u16, { partialFrameTimeoutMs: TIMEOUT_MS });
  const frame = u16.encode(bytes('hello'));
  for (let round = 0; round < 3; round++) {
    const next = messages.nextBatch();
    await turns(2);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10 * TIMEOUT_MS);
    pair.client.write(frame.subarray(0, 3));
    await turns(2);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
    pair.client.write(frame.subarray(3));
    expect((await next)?.map(text)).toEqual(['hello']);
    expect(vi.getTimerCount()).toBe(0);
  }
});

test('no time passes while the program is busy', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u16, { partialFrameTimeoutMs: TIMEOUT_MS, readAheadBytes: 1000 });
  const frame = u16.encode(bytes('hello'));
  pair.client.write(sticky([frame, frame.subarray(0, 3)]));
  const seen: string[] = [];
  for await (const message of messages as AsyncIterable<Bytes>) {
    seen.push(text(message));
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10 * TIMEOUT_MS);
    if (seen.length === 1) pair.client.end(frame.subarray(3));
  }
  expect(seen).toEqual(['hello', 'hello']);
});

test('no timer is left when the peer ends, the socket closes, or detach() is called', async () => {
  for (const stop of ['end', 'destroy', 'detach'] as const) {
    await using pair = await socketPair();
    const messages = framed(pair.server, u16, { partialFrameTimeoutMs: TIMEOUT_MS });
    const next = settled(messages.nextBatch());
    pair.client.write(fromHex('00 05'));
    await turns(2);
    expect(vi.getTimerCount()).toBe(1);
    if (stop === 'end') pair.client.end();
    else if (stop === 'destroy') pair.server.destroy();
    else expect(messages.detach().length).toBe(2);
    await next;
    expect([stop, vi.getTimerCount()]).toEqual([stop, 0]);
  }
});

test('0 waits for ever; the default is thirty seconds; raw has no partial frames', async () => {
  await using pair = await socketPair();
  for (const [codec, options, timers] of [
    [u16, { partialFrameTimeoutMs: 0 }, 0],
    [u16, {}, 1],
    [raw(), {}, 0],
  ] as const) {
    await using own = await socketPair();
    const messages = framed(own.server, codec, options);
    const next = settled(messages.nextBatch());
    own.client.write(fromHex('00'));
    await turns(2);
    expect(vi.getTimerCount()).toBe(timers);
    vi.advanceTimersByTime(DEFAULT_PARTIAL_FRAME_TIMEOUT_MS);
    if (timers === 1) expect(await next).toMatchObject({ code: 'FRAME_ERR_TIMEOUT' });
    own.server.destroy();
    await next;
  }
  expect([DEFAULT_PARTIAL_FRAME_TIMEOUT_MS, pair.server.bytesRead]).toEqual([30_000, 0]);
});

test('throws a RangeError when the time is not a whole number of milliseconds, or more than a timer takes', async () => {
  await using pair = await socketPair();
  for (const partialFrameTimeoutMs of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
    expect(() => framed(pair.server, u16, { partialFrameTimeoutMs })).toThrow(
      new RangeError(`partialFrameTimeoutMs is ${partialFrameTimeoutMs}; allowed: whole numbers from 0 to 2147483647`),
    );
  }
  expect(pair.server.listenerCount('data')).toBe(0);
});

/** Timers that keep this process alive. */
function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test('a timer that runs keeps no process alive', () => {
  vi.useRealTimers();
  const before = activeTimers();
  const timer = new PartialFrameTimer(60_000, () => expect.fail('a minute has passed'));
  timer.start();
  expect(activeTimers()).toBe(before);
  timer.stop();
});

test('no timer is left after a fault in the frame that was waited for', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, lengthPrefixed({ length: u16be, maxPayloadBytes: 5 }), { partialFrameTimeoutMs: TIMEOUT_MS });
  const next = settled(messages.nextBatch());
  pair.client.write(fromHex('00'));
  await turns(2);
  expect(vi.getTimerCount()).toBe(1);
  pair.client.write(fromHex('06'));
  expect(await next).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  expect(vi.getTimerCount()).toBe(0);
});

/** Breaks on the first `!`, and would go on behind it. */
class ForgetfulDecoder extends NaiveDecoder {
  override next(): Bytes | undefined {
    const payload = super.next();
    if (payload !== undefined && text(payload) === '!') throw new FrameError('FRAME_ERR_PAYLOAD', 'received !');
    return payload;
  }
}

test('after a FrameError no decoder is asked again, even one that would go on', async () => {
  await using pair = await socketPair();
  const codec = naive(ForgetfulDecoder);
  const messages = framed(pair.server, codec);
  pair.client.write(sticky(['one', '!', 'two'].map((payload) => codec.encode(bytes(payload)))));
  expect((await messages.nextBatch())?.map(text)).toEqual(['one']);
  for (let attempt = 0; attempt < 2; attempt++) expect(await settled(messages.nextBatch())).toMatchObject({ code: 'FRAME_ERR_PAYLOAD' });
  expect(messages.framesIn).toBe(1);
});
