import { connectTo, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { ask, roundTrip, startObserved } from '../observed.ts';
import type { Admin } from '../observed.ts';
import type { Echo } from '../start.ts';

/** That exactly one connection was refused: logged, counted, for that reason alone. */
async function expectRefused({ echo, admin }: { echo: Echo; admin: Admin }, reason: string, peer = /^127\.0\.0\.1:\d+$/): Promise<void> {
  expect(await echo.program.log('connection refused')).toMatchObject({ level: 'warn', reason, peer: expect.stringMatching(peer) });
  expect(echo.program.logs('connection refused')).toHaveLength(1);
  expect(await admin.metric(`connections_refused_total{reason="${reason}"}`)).toBe(1);
  expect(await admin.sum('connections_refused_total')).toBe(1);
}

test.each([
  ['max-connections', ['--max-connections', '2']],
  ['max-per-ip', ['--max-per-ip', '2']],
])('%s resets one too many, serves the others, and serves again when there is room', async (reason, args) => {
  await using observed = await startObserved(args);
  const { port, program } = observed.echo;
  const [first, second] = [await connectTo(port), await connectTo(port)];
  expect([await roundTrip(first, 'one'), await roundTrip(second, 'two')]).toEqual(['one', 'two']);
  expect(await ask(port, 'three')).toBe('ECONNRESET');
  await expectRefused(observed, reason);
  expect(await roundTrip(first, 'still')).toBe('still');
  second.end();
  await program.log('connection closed');
  expect(await ask(port, 'room')).toBe('room');
  expect(await observed.admin.metric('connections_total')).toBe(3);
  first.destroy();
});

test('a storm of refusals is counted each, and logged once a reason', async () => {
  await using observed = await startObserved(['--max-connections', '1']);
  const { port, program } = observed.echo;
  const first = await connectTo(port);
  await roundTrip(first, 'x');
  for (let attempt = 0; attempt < 30; attempt++) expect(await ask(port, 'no room')).toBe('ECONNRESET');
  expect(await observed.admin.metric('connections_refused_total{reason="max-connections"}')).toBe(30);
  expect(program.logs('connection refused')).toHaveLength(1);
  first.destroy();
});

test('max-per-ip counts each address for itself', async () => {
  await using observed = await startObserved(['--max-per-ip', '1']);
  const { port } = observed.echo;
  const first = await connectTo(port);
  await roundTrip(first, 'x');
  expect(await ask(port, 'same address')).toBe('ECONNRESET');
  expect(await ask(port, 'another', { localAddress: '127.0.0.2' })).toBe('another');
  await expectRefused(observed, 'max-per-ip');
  first.destroy();
});

test('accept-rate resets what comes faster, and serves again as time goes by', async () => {
  await using observed = await startObserved(['--accept-rate', '2/s']);
  const { port } = observed.echo;
  const answers: string[] = [];
  // Two at once, which fill the second; then refused until half of one has gone by.
  while (answers.length < 3 || answers.at(-1) === 'ECONNRESET') answers.push(await ask(port, 'x'));
  expect(answers.slice(0, 2)).toEqual(['x', 'x']);
  const refused = answers.filter((answer) => answer === 'ECONNRESET').length;
  expect(refused).toBeGreaterThan(0);
  expect(await observed.admin.metric('connections_refused_total{reason="accept-rate"}')).toBe(refused);
  expect(await observed.admin.metric('connections_total')).toBe(answers.length - refused);
});

test.each([
  ['--deny 127.0.0.2', ['--deny', '127.0.0.2']],
  ['--allow 127.0.0.1', ['--allow', '127.0.0.1']],
  ['--allow 127.0.0.0/8 --deny 127.0.0.2/31', ['--allow', '127.0.0.0/8', '--deny', '127.0.0.2/31']],
])('%s refuses 127.0.0.2 and serves 127.0.0.1', async (_, args) => {
  await using observed = await startObserved(args);
  const { port } = observed.echo;
  expect(await ask(port, 'no', { localAddress: '127.0.0.2' })).toBe('ECONNRESET');
  expect(await ask(port, 'yes')).toBe('yes');
  await expectRefused(observed, 'denied', /^127\.0\.0\.2:/);
});

test('queue-max resets one too many in line, and takes one again when the line moves up', async () => {
  await using observed = await startObserved(['--mode', 'queue', '--queue-max', '1']);
  const { port, program } = observed.echo;
  const first = await connectTo(port);
  await roundTrip(first, 'x');
  const second = await connectTo(port);
  await program.log('waiting in the queue');
  expect(await observed.admin.metric('connections_waiting')).toBe(1);
  expect(await ask(port, 'third')).toBe('ECONNRESET');
  await expectRefused(observed, 'queue-full');
  first.end();
  expect(await roundTrip(second, 'my turn')).toBe('my turn');
  const fourth = await connectTo(port);
  await program.log('waiting in the queue', { nth: 2 });
  second.end();
  expect(await roundTrip(fourth, 'mine')).toBe('mine');
  fourth.destroy();
});

test('queue-timeout ends a client politely that waited too long, and queue-notice tells each its place', async () => {
  await using observed = await startObserved(['--mode', 'queue', '--queue-timeout', '1s', '--queue-notice', 'you are number {pos}\n']);
  const { port, program } = observed.echo;
  const first = await connectTo(port);
  await roundTrip(first, 'x');
  const second = await connectTo(port);
  expect((await receive(second, 17)).toString()).toBe('you are number 1\n');
  const third = await connectTo(port);
  expect((await receive(third, 17)).toString()).toBe('you are number 2\n');
  expect(await program.log('connection closed')).toMatchObject({ conn: 2, reason: 'queue-timeout' });
  expect((await receive(third, 17)).toString()).toBe('you are number 1\n');
  expect(await roundTrip(first, 'still served')).toBe('still served');
  for (const socket of [first, second, third]) socket.destroy();
});

test('queue-buffer bounds what is read of a client that waits, and nothing is lost', async () => {
  await using observed = await startObserved(['--mode', 'queue', '--queue-buffer', '1KiB']);
  const { port, program } = observed.echo;
  const first = await connectTo(port);
  await roundTrip(first, 'x');
  const text = 'said while waiting '.repeat(50_000);
  const second = ask(port, text);
  await program.log('waiting in the queue');
  await roundTrip(first, 'meanwhile');
  expect(await observed.admin.metric('received_bytes_total')).toBeLessThan(1024 + 2 * 65_536);
  first.end();
  expect((await second) === text).toBe(true);
});
