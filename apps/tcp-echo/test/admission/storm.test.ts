import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connectTo, programCommand, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { adminOf, ask, roundTrip, roundsDuring, startObserved } from '../observed.ts';
import { portOf } from '../start.ts';
import type { Socket } from 'node:net';

/** Connects, asks once, and leaves without a trace; gives what came of it. */
function knock(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket
      .on('connect', () => socket.write('ping'))
      .on('data', (chunk) => {
        answer += String(chunk);
        // A reset leaves no port behind in TIME_WAIT.
        if (answer === 'ping') socket.resetAndDestroy();
      })
      .on('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EPIPE' ? 'ECONNRESET' : String(code)))
      .on('close', () => resolve(answer === 'ping' ? 'answered' : `closed after ${JSON.stringify(answer)}`));
  });
}

/** So many knocks, evenly over the time; a machine that is too slow for it gets more time. */
async function storm(port: number, perSecond: number, total: number): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  const startedMs = performance.now();
  for (let started = 0; started < total; await turn()) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedMs) / 1000) * perSecond));
    for (; started < due && underWay.size < 1000; started++) {
      const knocking: Promise<void> = knock(port).then((outcome) => {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        underWay.delete(knocking);
      });
      underWay.add(knocking);
    }
  }
  await Promise.all(underWay);
  return outcomes;
}

test('2,000 connects a second for 5 s: each is answered or refused and counted, and old clients go on', { timeout: 90_000 }, async () => {
  await using observed = await startObserved(['--max-per-ip', '0']);
  const { echo, admin } = observed;
  const old = await connectTo(echo.port);
  const storming = storm(echo.port, 2000, 10_000);
  const answered = await roundsDuring(storming, async () => expect(await roundTrip(old, 'still served')).toBe('still served'));
  const { answered: served = 0, ECONNRESET: refused = 0, ...rest } = await storming;
  expect(rest).toEqual({});
  expect(served + refused).toBe(10_000);
  expect(await admin.metric('connections_total')).toBe(served + 1);
  expect(await admin.sum('connections_refused_total')).toBe(refused);
  expect(served).toBeGreaterThan(1000);
  expect(answered).toBeGreaterThan(50);
  expect(await ask(echo.port, 'and new ones')).toBe('and new ones');
  expect(echo.program.logs().filter(({ level }) => level === 'error')).toEqual([]);
  old.destroy();
});

/** As `startObserved`, in a shell that lowers the number of files a process may have open. */
function startWithOpenFiles(limit: number) {
  const args = ['--listen', 'tcp://127.0.0.1:0', '--admin', '127.0.0.1:0', '--max-per-ip', '0'];
  return startCommand(['sh', '-c', `ulimit -n ${limit}; exec "$@"`, 'sh', ...programCommand('tcp-echo', args)]);
}

test.skipIf(process.platform !== 'linux')(
  'with 80 open files allowed, too many clients are refused, not dropped, and the old and the admin go on',
  async () => {
    await using program = startWithOpenFiles(80);
    const { wanted, maxConnections } = await program.log('max-connections lowered: the process may not open more files');
    expect({ wanted, maxConnections }).toEqual({ wanted: 1024, maxConnections: 16 });
    const port = await portOf(program);
    const admin = await adminOf(program);
    const old: Socket[] = [];
    for (let nth = 0; nth < 16; nth++) {
      const client = await connectTo(port);
      await roundTrip(client, 'served');
      old.push(client);
    }
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(port, 'one too many')));
    expect(new Set(answers)).toEqual(new Set(['ECONNRESET']));
    expect(await admin.metric('connections_refused_total{reason="max-connections"}')).toBe(200);
    expect((await admin.get('/readyz')).status).toBe(200);
    for (const client of old) expect(await roundTrip(client, 'still served')).toBe('still served');
    old.pop()!.end();
    await program.log('connection closed');
    expect(await ask(port, 'room again')).toBe('room again');
    for (const client of old) client.destroy();
  },
);
