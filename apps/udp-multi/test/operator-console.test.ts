import { boundUdp, startProgramTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { shownAs, startServer } from './start.ts';

const OPERATOR = ['--session', 'operator'];

test('commands act at once, whoever waits for an answer meanwhile', async () => {
  await using server = await startServer(OPERATOR);
  await using one = await boundUdp();
  await using two = await boundUdp();
  server.program.write('/who\n');
  await server.program.line(/^nobody wrote yet$/);
  await one.send('first', server.port);
  await server.program.line(shownAs(one.port, 'first'));
  await two.send('second', server.port);
  server.program.write(`/who\n/to 127.0.0.1:${two.port} out of turn\n/all to everybody\nthe answer\n`);
  expect((await two.next()).text).toBe('out of turn');
  expect((await one.next()).text).toBe('to everybody');
  expect((await one.next()).text).toBe('the answer');
  expect((await two.next()).text).toBe('to everybody');
  await server.program.line(/#1 \('127\.0\.0\.1', \d+\): 1 received$/);
});

test('a text that begins with a slash is written with two', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  await peer.send('where?', server.port);
  server.program.write('/nowhere\n//tmp\n');
  expect((await peer.next()).text).toBe('/tmp');
  await server.program.line(/no command \/nowhere/);
});

test('a blocked peer is heard no more', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  await server.program.line(shownAs(peer.port, 'hello'));
  server.program.write('/block #1\n');
  await server.program.line(/blocked/);
  await peer.send('me again', server.port);
  expect(await server.program.log('datagram dropped')).toMatchObject({ reason: 'blocked' });
});

test('/quit says goodbye to those who wait and ends the service', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  await server.program.line(shownAs(peer.port, 'hello'));
  server.program.write('/quit\n');
  expect((await peer.next()).text).toBe('q');
  expect((await server.program.exit()).code).toBe(0);
});

test('a stranger is sent nothing it did not ask for', async () => {
  await using server = await startServer([...OPERATOR, '--trust', 'none']);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  await server.program.line(shownAs(peer.port, 'hello'));
  server.program.write('/to #1 psst\n/all hear ye\nok\n');
  expect((await peer.next()).text).toBe('ok');
  await server.program.line(/its address is not proven/);
  await server.program.line(/^sent to 0$/);
  expect(peer.waiting).toBe(0);
});

test.skipIf(!terminalAvailable())('on a terminal the prompt is there before anybody writes, and commands go past it', async () => {
  await using terminal = startProgramTerminal('udp-multi', [...OPERATOR, '--listen', 'udp://127.0.0.1:0'], {
    size: { columns: 160, rows: 40 },
  });
  const [, port] = await terminal.waitFor(/udp:\/\/127\.0\.0\.1:(\d+)/);
  await terminal.waitFor(/>>> $/);
  terminal.enter('/who');
  await terminal.waitFor(/nobody wrote yet\n>>> $/);
  terminal.enter('an early answer');
  await using peer = await boundUdp();
  await peer.send('hello', Number(port));
  expect((await peer.next()).text).toBe('an early answer');
  terminal.enter('/quit');
  expect((await terminal.exit()).code).toBe(0);
});
