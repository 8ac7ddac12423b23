import { connectTo, foreignPeer, readAll, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { ask } from '../observed.ts';
import { startEcho } from '../start.ts';

const nc = foreignPeer('nc');

test('discard takes everything and says nothing', async () => {
  await using echo = await startEcho(['--session', 'discard']);
  expect(await ask(echo.port, 'x'.repeat(4_000_000))).toBe('');
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'peer-ended', bytesIn: 4_000_000, bytesOut: 0 });
});

test('chargen sends its pattern up to --chargen-bytes, exactly', async () => {
  await using echo = await startEcho(['--session', 'chargen', '--chargen-bytes', '3000000']);
  const answer = await ask(echo.port, '');
  expect(answer.length).toBe(3_000_000);
  expect(answer.slice(0, 5)).toBe(' !"#$');
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'served', bytesOut: 3_000_000 });
});

test('daytime tells the time and ends', async () => {
  await using echo = await startEcho(['--session', 'daytime']);
  const before = Math.floor(Date.now() / 1000) * 1000;
  const text = (await readAll(await connectTo(echo.port))).toString();
  expect(text).toMatch(/^\w+day, \w+ \d{1,2}, \d{4} \d\d:\d\d:\d\d-UTC\r\n$/);
  const told = Date.parse(text.replace(/^\w+, /, '').replace('-UTC', ' UTC'));
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(Date.now());
});

test.skipIf(!nc.available)('nc, whose input has ended already, gets the time', async () => {
  await using echo = await startEcho(['--session', 'daytime']);
  await using client = nc.tcpClient(echo.port);
  client.endInput();
  expect(await client.exit()).toMatchObject({ code: 0, stdout: expect.stringMatching(/-UTC\r\n$/) });
});

test('greet fills in the connection, its address and the environment', async () => {
  await using echo = await startEcho(['--session', 'greet', '--greeting', '{id} {addr} {pod} {node} {oops', '--framing', 'line'], {
    env: { POD_NAME: 'echo-0', NODE_NAME: 'n1' },
  });
  await ask(echo.port, 'the first\n');
  const client = await connectTo(echo.port);
  const expected = `2 127.0.0.1:${client.localPort} echo-0 n1 {oops\n`;
  expect((await receive(client, expected.length)).toString()).toBe(expected);
  client.destroy();
});
