import { setImmediate as turn } from 'node:timers/promises';
import { readAll, receive } from '@socklab/testkit';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStreamPlan } from '../src/plan/stream-plan.ts';
import { patternOf, startProxy } from './setup.ts';
import type { ProxySetup } from './setup.ts';
import type { Socket } from 'node:net';

// Small ones are the hard ones: thousands of pieces are still on their way when the next read comes.
const size = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3000 }));
const offset = fc.integer({ min: -3, max: 3 });
const part = fc.oneof(
  fc.constantFrom('pass', 'drip', 'utf8', 'crlf', 'prefix', 'glue'),
  size.map((each) => `bytes:${each}`),
  fc.array(size, { minLength: 1, maxLength: 5 }).map((sizes) => `sizes:${sizes.join(',')}`),
  fc.tuple(size, size).map(([one, other]) => `random:${Math.min(one, other)}-${Math.max(one, other)}`),
  fc.array(size, { minLength: 1, maxLength: 5 }).map((offsets) => `at:${offsets.join(',')}`),
  fc.array(offset, { minLength: 1, maxLength: 3 }).map((offsets) => `boundary:${offsets.join(',')}`),
);
const coalesce = fc.constantFrom('', 'coalesce:n=2+', 'coalesce:n=7+', 'coalesce:1ms+', 'coalesce:3ms+');
const anyPlan = fc.tuple(coalesce, fc.array(part, { minLength: 1, maxLength: 3 })).map(([held, parts]) => held + parts.join('+'));

const setup: fc.Arbitrary<ProxySetup> = fc.record({
  plan: anyPlan,
  direction: fc.constantFrom('up', 'down', 'both'),
  seed: fc.nat(),
  framing: fc.constantFrom('u16be', 'line', 'netstring', 'protobuf'),
  latency: fc.constantFrom({ delayMs: 0, jitterMs: 0 }, { delayMs: 0, jitterMs: 0 }, { delayMs: 2, jitterMs: 2 }),
  bytesPerSecond: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 4_000_000),
});

/** Some are frames of the framing by chance, most are not; both must pass. */
const traffic = fc.record({
  up: fc.integer({ min: 0, max: 20_000 }),
  down: fc.integer({ min: 0, max: 20_000 }),
  isText: fc.boolean(),
  writeBytes: fc.integer({ min: 100, max: 6000 }),
  seed: fc.nat(),
});

const TEXT = '5:hällo,3:日本語,\r\n\r\nline one\r\nline two 🙂\n';

function bytesOf(seed: number, byteLength: number, isText: boolean): Buffer {
  return isText ? Buffer.from(TEXT.repeat(Math.ceil(byteLength / TEXT.length))).subarray(0, byteLength) : patternOf(seed, byteLength);
}

/** Writes come while what was written before is still cut: a turn of the event loop lies between them. */
async function sendInWrites(socket: Socket, bytes: Buffer, writeBytes: number): Promise<void> {
  for (let from = 0; from < bytes.length; from += writeBytes) {
    socket.write(bytes.subarray(from, from + writeBytes));
    await turn();
  }
  socket.end();
}

test('passes on exactly the bytes it got, under any plan, in both directions at once', async () => {
  await fc.assert(
    fc.asyncProperty(setup, traffic, async (proxySetup, { up, down, isText, writeBytes, seed }) => {
      await using proxy = await startProxy(proxySetup);
      const { client, server } = await proxy.open();
      const toServer = bytesOf(seed, up, isText);
      const toClient = bytesOf(seed + 1, down, isText);
      const [atServer, atClient] = await Promise.all([
        readAll(server),
        readAll(client),
        sendInWrites(client, toServer, writeBytes),
        sendInWrites(server, toClient, writeBytes),
      ]);
      expect(atServer.equals(toServer)).toBe(true);
      expect(atClient.equals(toClient)).toBe(true);
      expect(await proxy.log.waitFor('connection closed')).toMatchObject({ reason: 'done' });
    }),
    { numRuns: 200 },
  );
}, 120_000);

describe('a plan that is changed while bytes pass', () => {
  test('loses, adds and moves none of them', async () => {
    await using proxy = await startProxy({ framing: 'u16be' });
    const { client, server } = await proxy.open();
    const sent = patternOf(4, 400_000);
    const arrived = readAll(server);
    const [first] = proxy.proxies.summaries;
    const plans = ['bytes:100', 'coalesce:n=3', 'random:1-900', 'pass', 'drip', 'coalesce:2ms+sizes:5,900', 'pass'];
    for (let from = 0; from < sent.length; from += 2000) {
      client.write(sent.subarray(from, from + 2000));
      const target = proxy.proxies.get(first!.id)!;
      target.configure({ ...target.settings, plan: parseStreamPlan(plans[(from / 2000) % plans.length]!) });
      await turn();
    }
    client.end();
    expect((await arrived).equals(sent)).toBe(true);
    server.end();
  });
});

test('keeps what it holds bounded when a peer does not read, and passes on the rest when it does', async () => {
  for (const plan of ['pass', 'bytes:1460', 'coalesce:n=3']) {
    await using proxy = await startProxy({ plan });
    const { client, server } = await proxy.open();
    const sent = patternOf(5, 24 * 1024 * 1024);
    client.end(sent);
    const connection = () => proxy.proxies.get('1')!.connections(1)[0]!;
    let before = -1;
    // Nothing more is read once the kernels' memory for both connections is full.
    for (let rounds = 0; rounds < 50;) {
      await turn();
      const { bytesIn } = connection().up;
      rounds = bytesIn === before ? rounds + 1 : 0;
      before = bytesIn;
    }
    const { bytesIn, pendingBytes } = connection().up;
    expect(bytesIn).toBeLessThan(sent.length);
    expect(pendingBytes).toBeGreaterThan(0);
    expect(pendingBytes).toBeLessThanOrEqual(300_000);
    // The other direction does not wait for this one.
    server.write('still here');
    expect((await receive(client, 10)).toString()).toBe('still here');
    expect((await readAll(server)).equals(sent)).toBe(true);
    server.end();
  }
});
