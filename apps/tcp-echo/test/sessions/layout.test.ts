import { fileURLToPath } from 'node:url';
import { connectTo, receive, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from '../start.ts';

const meters = fileURLToPath(import.meta.resolve('@socklab/framing/layouts/dlt645.json'));
const request = Buffer.from('68 12 34 56 78 90 00 68 11 04 33 33 34 33 56 16'.replaceAll(' ', ''), 'hex');

test('a layout from a file frames two clients apart, cut at every byte', async () => {
  await using echo = await startEcho(['--framing', meters]);
  const clients = [await connectTo(echo.port, { noDelay: true }), await connectTo(echo.port, { noDelay: true })];
  for (const byte of request) for (const client of clients) client.write(Buffer.of(byte));
  for (const client of clients) expect(await receive(client, request.length)).toEqual(request);
  clients[0]!.end();
  expect(await echo.program.log('connection closed')).toMatchObject({ messagesIn: 1, messagesOut: 1 });
});

test('a frame with a wrong checksum ends its connection, and no other', async () => {
  await using echo = await startEcho(['--framing', meters]);
  const [good, bad] = [await connectTo(echo.port), await connectTo(echo.port)];
  const wrong = Buffer.from(request);
  wrong[14]! ^= 1;
  bad.resume().write(wrong);
  expect(await echo.program.log('connection closed')).toMatchObject({ code: 'FRAME_ERR_BAD_CHECKSUM' });
  good.write(request);
  expect(await receive(good, request.length)).toEqual(request);
});

test('workers are told the layout, and the load sends its examples', async () => {
  await using echo = await startEcho(['--framing', meters, '--workers', '2']);
  await using call = startProgram('tcp-echo', [
    'call',
    `127.0.0.1:${echo.port}`,
    '--framing',
    meters,
    '--messages',
    '200',
    '-c',
    '2',
    '--json',
  ]);
  expect(await call.exit()).toMatchObject({ code: 0 });
  expect(JSON.parse(call.output().stdout)).toMatchObject({ framing: 'dlt645', messages: { answered: 200, unanswered: 0 } });
});

test.each([
  ['nope.json', "option '--framing <name>' argument 'nope.json' is invalid. cannot read the layout"],
  ['line:cr', 'line:cr.ending is "cr", allowed: lf, lf-or-crlf, crlf'],
  ['{"kind":"frame"}', 'layout.header is missing, allowed: a list of 1 to 64'],
])('--framing %s is refused', async (framing, message) => {
  await using program = startProgram('tcp-echo', ['--framing', framing]);
  expect(await program.exit()).toMatchObject({ code: 2 });
  expect(program.output().stderr).toContain(message);
});
