import { connectTo, receive, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from '../start.ts';

const POD = { POD_NAME: 'echo-0', NODE_NAME: 'n1' };

test('--tag tells each connection first, and once, which replica answers', async () => {
  await using echo = await startEcho(['--tag', '{pod} on {node}'], { env: POD });
  const clients = [await connectTo(echo.port), await connectTo(echo.port)];
  for (const client of clients) expect((await receive(client, 12)).toString()).toBe('echo-0 on n1');
  for (const [index, client] of clients.entries()) {
    client.end(`from ${index}`);
    expect((await receive(client, 6)).toString()).toBe(`from ${index}`);
  }
  expect(await echo.program.log('connection closed')).toMatchObject({ messagesOut: 2 });
});

test('with a framing the tag is a message', async () => {
  await using echo = await startEcho(['--tag', '{pod}', '--framing', 'u8'], { env: POD });
  const client = await connectTo(echo.port);
  client.end(Buffer.from('\u0002hi'));
  expect((await receive(client, 10)).toString()).toBe('\u0006echo-0\u0002hi');
});

test.each([
  [['--tag', '{id}'], '--tag has {id}; allowed: {pod} {node} {namespace} {service} {ip}'],
  [['--tag', '{pod}', '--session', 'greet'], '--tag is for the session echo, this one is greet'],
  [['--tag', 'two\nlines', '--framing', 'line'], '--tag'],
])('%j is refused at the start, in one line', async (args, said) => {
  const { code, stderr } = await startProgram('tcp-echo', args).exit();
  expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
  expect(stderr).toContain(said);
});
