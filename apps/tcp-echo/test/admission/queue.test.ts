import { closed, connectTo, readAll, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from '../start.ts';
import type { Echo } from '../start.ts';
import type { Socket } from 'node:net';

/** Connects, and waits until the service has seen it: the order of arrival is then certain. */
async function arrive(echo: Echo, nth: number): Promise<Socket> {
  const socket = await connectTo(echo.port);
  await echo.program.log('connection accepted', { nth });
  return socket;
}

const waitingInLine = (echo: Echo, nth: number) => echo.program.log('waiting in the queue', { nth });

test('clients are served strictly in order of arrival, each as soon as the one before leaves by q, by closing, by reset', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  const first = await arrive(echo, 1);
  const second = await arrive(echo, 2);
  const third = await arrive(echo, 3);
  const fourth = await arrive(echo, 4);
  expect(await waitingInLine(echo, 1)).toMatchObject({ conn: 2, position: 1 });
  expect(await waitingInLine(echo, 3)).toMatchObject({ conn: 4, position: 3 });

  echo.program.write('first\n');
  expect((await receive(first, 5)).toString()).toBe('first');
  first.write('q');
  await readAll(first);

  echo.program.write('second\n');
  expect((await receive(second, 6)).toString()).toBe('second');
  second.end();

  await echo.program.log('connection closed', { where: ({ conn }) => conn === 2 });
  echo.program.write('third\n');
  expect((await receive(third, 5)).toString()).toBe('third');
  third.resetAndDestroy();

  await echo.program.log('connection closed', { where: ({ conn, reason }) => conn === 3 && reason === 'reset' });
  echo.program.write('fourth\n');
  expect((await receive(fourth, 6)).toString()).toBe('fourth');
  first.destroy();
  second.destroy();
});

test.each([
  ['closes', (socket: Socket) => socket.end()],
  ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ['closes after it said something', (socket: Socket) => socket.end('never mind')],
])('a waiting client that %s leaves the line', async (_, leave) => {
  await using echo = await startEcho(['--session', 'operator']);
  const first = await arrive(echo, 1);
  const second = await arrive(echo, 2);
  const third = await arrive(echo, 3);
  leave(second);
  expect(await echo.program.log('connection closed')).toMatchObject({ conn: 2, reason: 'left' });
  first.end();
  await echo.program.log('connection closed', { where: ({ conn }) => conn === 1 });
  echo.program.write('third\n');
  expect((await receive(third, 5)).toString()).toBe('third');
  await closed(second);
});

test('what a waiting client says is kept and shown when it is its turn', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  const first = await arrive(echo, 1);
  const second = await arrive(echo, 2);
  second.write('said while waiting');
  first.end();
  await echo.program.log('connection closed');
  echo.program.write('hello second\n');
  expect((await receive(second, 12)).toString()).toBe('hello second');
  await echo.program.line(/ : said while waiting$/);
});

test('--mode queue serves the echo one client at a time, a half-closed waiter included', async () => {
  await using echo = await startEcho(['--mode', 'queue']);
  const first = await arrive(echo, 1);
  const second = await arrive(echo, 2);
  second.end('asked while waiting');
  first.write('x');
  expect((await receive(first, 1)).toString()).toBe('x');
  first.end();
  expect((await readAll(second)).toString()).toBe('asked while waiting');
});

test('--mode concurrent, the default of echo, serves all at once', async () => {
  await using echo = await startEcho();
  const clients = await Promise.all([connectTo(echo.port), connectTo(echo.port), connectTo(echo.port)]);
  for (const [index, client] of clients.toReversed().entries()) {
    client.write(`client ${index}`);
    expect((await receive(client, 8)).toString()).toBe(`client ${index}`);
  }
});

test('SIGTERM closes those in line with reason drain, and exits 0', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  const first = await arrive(echo, 1);
  const second = await arrive(echo, 2);
  echo.program.signal('SIGTERM');
  expect((await readAll(first)).toString()).toBe('q');
  expect((await readAll(second)).length).toBe(0);
  first.end();
  second.end();
  expect((await echo.program.exit()).code).toBe(0);
  expect(echo.program.logs('connection closed').map(({ reason }) => reason)).toEqual(['drain', 'drain']);
});
