import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { parseStreamPlan } from '@socklab/proxy';
import { patternOf, startProxy } from '@socklab/proxy/testing';
import { closed, readAll, receive } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import type { ProxiedServer } from '@socklab/proxy/testing';

function proxyOf({ proxies }: ProxiedServer) {
  return proxies.get('1')!;
}

function upOf(server: ProxiedServer) {
  return proxyOf(server).connections(1)[0]!.up;
}

/** Resolves when no more is read of the client, however often it is asked. */
async function untilStill(server: ProxiedServer): Promise<void> {
  for (let rounds = 0, before = -1; rounds < 50;) {
    await turn();
    const { bytesIn } = upOf(server);
    rounds = bytesIn === before ? rounds + 1 : 0;
    before = bytesIn;
  }
}

async function untilRead(server: ProxiedServer, bytes: number): Promise<void> {
  while (upOf(server).bytesIn < bytes) await turn();
}

describe('a proxy that is held', () => {
  test.each(['pass', 'bytes:2', 'coalesce:1ms', 'drip'])(
    'reads what comes, and lets none of it out until it is released, with %s',
    async (plan) => {
      await using proxy = await startProxy({ plan });
      const { client, server } = await proxy.open();
      client.write('before');
      expect((await receive(server, 6)).toString()).toBe('before');
      proxyOf(proxy).hold();
      client.write('held');
      await untilRead(proxy, 10);
      await untilStill(proxy);
      expect(upOf(proxy)).toMatchObject({ bytesIn: 10, bytesOut: 6, pendingBytes: 4 });
      proxyOf(proxy).release();
      expect((await receive(server, 4)).toString()).toBe('held');
      server.write('answer');
      expect((await receive(client, 6)).toString()).toBe('answer');
    },
  );

  test('holds both directions, and connections that are opened while it is', async () => {
    await using proxy = await startProxy({ plan: 'bytes:3' });
    proxyOf(proxy).hold();
    const { client, server } = await proxy.open();
    server.write('greeting');
    while (proxyOf(proxy).connections(1)[0]!.down.bytesIn < 8) await turn();
    expect(proxyOf(proxy).connections(1)[0]!.down.bytesOut).toBe(0);
    proxyOf(proxy).release();
    expect((await receive(client, 8)).toString()).toBe('greeting');
  });

  test('reads no more than 64 KiB and one read ahead, and loses nothing of what waits in the kernel', async () => {
    await using proxy = await startProxy({ plan: 'bytes:1000' });
    const { client, server } = await proxy.open();
    proxyOf(proxy).hold();
    const sent = patternOf(1, 20_000_000);
    client.end(sent);
    await untilRead(proxy, 65_536);
    await untilStill(proxy);
    expect(upOf(proxy).bytesOut).toBe(0);
    expect(upOf(proxy).bytesIn).toBeLessThanOrEqual(2 * 65_536);
    proxyOf(proxy).release();
    expect((await readAll(server)).equals(sent)).toBe(true);
  });

  test('stops between two pieces of a slow plan, and goes on with the next', async () => {
    await using proxy = await startProxy({ plan: 'drip', pace: { kind: 'gap', ms: 1 } });
    const { client, server } = await proxy.open();
    const sent = patternOf(2, 60);
    client.write(sent);
    await receive(server, 5);
    proxyOf(proxy).hold();
    const { bytesOut } = upOf(proxy);
    // One that is not held passes as much meanwhile.
    await using other = await startProxy({ plan: 'drip', pace: { kind: 'gap', ms: 1 } });
    const beside = await other.open();
    beside.client.write(sent);
    await receive(beside.server, 60);
    expect(upOf(proxy).bytesOut).toBe(bytesOut);
    expect(bytesOut).toBeLessThan(60);
    proxyOf(proxy).release();
    expect((await receive(server, 55)).equals(sent.subarray(5))).toBe(true);
  });

  test('passes an end on only when it is released', async () => {
    await using proxy = await startProxy();
    const { client, server } = await proxy.open();
    proxyOf(proxy).hold();
    let hasEnded = false;
    server.once('end', () => {
      hasEnded = true;
    });
    server.resume();
    client.end('bye');
    await untilRead(proxy, 3);
    await untilStill(proxy);
    expect(hasEnded).toBe(false);
    const end = once(server, 'end');
    proxyOf(proxy).release();
    await end;
    expect(server.bytesRead).toBe(3);
  });

  test('does what it was changed to meanwhile, and passes on the same bytes', async () => {
    await using proxy = await startProxy({ plan: 'pass' });
    const { client, server } = await proxy.open();
    proxyOf(proxy).hold();
    client.write('abcdef');
    await untilRead(proxy, 6);
    proxyOf(proxy).configure({ ...proxyOf(proxy).settings, plan: parseStreamPlan('bytes:2') });
    proxyOf(proxy).release();
    expect((await receive(server, 6)).toString()).toBe('abcdef');
    expect(upOf(proxy).pieces).toBe(3);
  });

  test('loses nothing when it is held and released again and again while bytes pass', async () => {
    for (const plan of ['pass', 'bytes:700', 'random:1-900']) {
      await using proxy = await startProxy({ plan });
      const { client, server } = await proxy.open();
      const sent = patternOf(3, 1_000_000);
      const arrived = readAll(server);
      for (let from = 0; from < sent.length; from += 10_000) {
        client.write(sent.subarray(from, from + 10_000));
        if ((from / 10_000) % 3 === 0) proxyOf(proxy).hold();
        await turn();
        proxyOf(proxy).release();
      }
      client.end();
      expect((await arrived).equals(sent)).toBe(true);
    }
  });

  test('can be ended, and resets what it holds', async () => {
    await using proxy = await startProxy({ plan: 'drip', pace: { kind: 'gap', ms: 1 } });
    const { client, server } = await proxy.open();
    client.write(patternOf(4, 1000));
    await receive(server, 2);
    proxyOf(proxy).hold();
    proxyOf(proxy).cut('drain-timeout');
    expect(await closed(server)).toMatchObject({ code: 'ECONNRESET' });
    expect(await proxy.log.waitFor('connection closed')).toMatchObject({ reason: 'drain-timeout' });
  });
});
