import { connectTo, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { ask, roundTrip, startObserved } from './observed.ts';

const isLinux = process.platform === 'linux';

test.skipIf(!isLinux)('--workers 2 on port 0: both serve one port, and the admin endpoint answers for both', async () => {
  await using observed = await startObserved(['--workers', '2']);
  const { echo, admin } = observed;
  // The kernel spreads by address and port: all to one is a chance of 2^-63.
  const answers = await Promise.all(Array.from({ length: 64 }, (_, nth) => ask(echo.port, `client ${nth}`)));
  expect(answers).toEqual(Array.from({ length: 64 }, (_, nth) => `client ${nth}`));
  await echo.program.log('connection closed', { nth: 64 });
  const workers = echo.program.logs('connection accepted').map(({ worker }) => worker);
  expect(new Set(workers).size).toBe(2);
  expect(await admin.metric('connections_total')).toBe(64);
  expect(await admin.metric('connections_closed_total{reason="peer-ended"}')).toBe(64);
  expect(await admin.metric('received_bytes_total')).toBe(answers.join('').length);
  expect((await admin.get('/readyz')).status).toBe(200);
});

test.skipIf(!isLinux)('no two connections have one number, whichever workers they are of', async () => {
  await using observed = await startObserved(['--workers', '2']);
  const { echo, admin } = observed;
  const clients = await Promise.all(Array.from({ length: 64 }, () => connectTo(echo.port)));
  for (const client of clients) expect(await roundTrip(client, 'hello')).toBe('hello');
  const shown = (await (await admin.get('/connections')).json()) as { id: number; peer: string }[];
  expect(new Set(shown.map(({ id }) => id)).size).toBe(64);
  const logged = echo.program.logs('connection accepted').map(({ conn, peer }) => `${String(conn)} ${String(peer)}`);
  expect(shown.map(({ id, peer }) => `${id} ${peer}`).toSorted()).toEqual(logged.toSorted());
  for (const client of clients) client.destroy();
});

test.skipIf(!isLinux)('SIGTERM drains all workers: answers under way arrive, exit 0', async () => {
  await using observed = await startObserved(['--workers', '2', '--goodbye', 'bye']);
  const { echo } = observed;
  const clients = await Promise.all(Array.from({ length: 16 }, () => connectTo(echo.port)));
  for (const client of clients) expect(await roundTrip(client, 'hello')).toBe('hello');
  const ends = clients.map(async (client) => {
    let text = '';
    for await (const chunk of client) text += String(chunk);
    return text;
  });
  echo.program.signal('SIGTERM');
  expect(new Set(await Promise.all(ends))).toEqual(new Set(['bye']));
  expect((await echo.program.exit()).code).toBe(0);
  expect(echo.program.logs('connection closed').map(({ reason }) => reason)).toEqual(clients.map(() => 'drain'));
});

test.each([
  [['--workers', '2', '--once'], /--once serves one connection, so it takes one process: leave --workers out/],
  [['--workers', '2', '--session', 'operator'], /one operator takes one process: leave --workers out/],
  [['--workers', '2', '--mode', 'queue'], /one client at a time takes one process: leave --workers out, or --mode queue/],
  [['--workers', '0'], /"0" is not a number of workers: give a whole number from 1 to 256, or auto/],
])('%j is one clear line and exit 2', async (args, message) => {
  await using program = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', ...args]);
  const { code, stdout, stderr } = await program.exit();
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});
