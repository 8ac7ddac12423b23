import { closed, readAll, receive } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { TriggerWatch } from '../src/triggers/trigger-watch.ts';
import { parseTrigger } from '../src/triggers/trigger.ts';
import { startProxy } from './setup.ts';
import type { Batch } from '../src/plan/batch.ts';

const FRAMES = '\0\u0002ab\0\u0004cdef\0\u0002gh';

describe('a trigger', () => {
  test.each([
    ['up bytes:5 do fin', '\0\u0002ab\0'],
    ['up bytes:5 do truncate', '\0\u0002ab\0'],
    ['frame:2 do fin', '\0\u0002ab\0\u0004cdef'],
    ['frame:2 do truncate', '\0\u0002ab\0\u0004c'],
    ['match:c.e do fin', '\0\u0002ab\0\u0004cde'],
    ['match:c.e do truncate', '\0\u0002ab\0\u0004c'],
    ['up match:(?<=a)b do fin', '\0\u0002ab'],
    ['down bytes:1 do fin', FRAMES],
    ['match:nothing do rst', FRAMES],
    ['bytes:15 do rst', FRAMES],
  ])('%s ends the direction there, however the bytes came', async (on, expected) => {
    for (const writes of [[FRAMES], FRAMES.split('')]) {
      await using proxy = await startProxy({ on: [on], framing: 'u16be', plan: 'bytes:3' });
      const { client, server } = await proxy.open();
      for (const text of writes) client.write(text);
      client.end();
      expect((await readAll(server)).toString('latin1')).toBe(expected);
      // The other direction goes on.
      server.end(on.startsWith('down') ? '' : 'answer');
      expect((await readAll(client)).toString()).toBe(on.startsWith('down') ? '' : 'answer');
    }
  });

  test('rst resets both ends after what came before', async () => {
    await using proxy = await startProxy({ on: ['down match:boom do rst'] });
    const { client, server } = await proxy.open();
    server.write('fine');
    expect((await receive(client, 4)).toString()).toBe('fine');
    server.write('boom');
    expect(await closed(client)).toMatchObject({ code: 'ECONNRESET' });
    expect(await closed(server)).toMatchObject({ code: 'ECONNRESET' });
    expect(await proxy.log.waitFor('connection closed')).toMatchObject({ reason: 'trigger' });
    const metrics = await proxy.proxies.metrics.service.registry.metrics();
    expect(metrics).toContain('socklab_sticky_lab_proxy_triggers_total{action="rst"} 1');
  });

  test('stall keeps what follows waiting, once', async () => {
    await using proxy = await startProxy({ on: ['up bytes:3 do stall:80ms'] });
    const { client, server } = await proxy.open();
    const startedAt = performance.now();
    client.write('abcdef');
    expect((await receive(server, 3)).toString()).toBe('abc');
    expect((await receive(server, 3)).toString()).toBe('def');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79);
    client.end('ghi');
    expect((await readAll(server)).toString()).toBe('ghi');
  });

  test('slow limits the rate from there on', async () => {
    await using proxy = await startProxy({ on: ['bytes:1000 do slow:50KiB/s'] });
    const { client, server } = await proxy.open();
    const startedAt = performance.now();
    client.end(Buffer.alloc(16_000));
    await receive(server, 1000);
    expect((await readAll(server)).length).toBe(15_000);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(220);
  });
});

function batchOf(text: string, at: number): Batch {
  return { memory: Buffer.from(text), byteLength: text.length, at, frames: [] };
}

test('a match is found across reads, and an anchor is the front of the stream alone', () => {
  const watch = new TriggerWatch(['match:^x do fin', 'match:end do fin'].map(parseTrigger));
  expect(watch.look(batchOf('a'.repeat(5000), 0))).toEqual([]);
  expect(watch.look(batchOf(`x${'a'.repeat(4095)}`, 5000))).toEqual([]);
  expect(watch.look(batchOf('a en', 9096))).toEqual([]);
  expect(watch.look(batchOf('d.', 9100))).toEqual([expect.objectContaining({ place: 1 })]);
  expect(watch.isDone).toBe(false);
});

test.each([
  ['frame:3', 'is not a trigger: write it as'],
  ['frame:0 do rst', 'is not a trigger'],
  ['bytes:1 do explode', 'is not a trigger'],
  ['match:( do rst', 'Invalid regular expression'],
  ['bytes:1 do stall:x', '"x" is not a duration'],
  ['bytes:1 do slow:5', '"5" is not a rate: give bytes a second, as in 10KiB/s, or off'],
  ['sideways bytes:1 do rst', 'is not a trigger'],
])('refuses the trigger %s', (text, message) => {
  expect(() => parseTrigger(text)).toThrow(message);
});
