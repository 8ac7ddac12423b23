import { boundUdp, startProgramTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { MAX_SHOWN_BYTES, MAX_SHOWN_MESSAGES } from '../../src/sessions/operator.ts';
import { scrape } from '../scrape.ts';
import { shownAs, startServer } from '../start.ts';

const OPERATOR = ['--session', 'operator'];

test('commands act at once, whoever waits for an answer meanwhile', async () => {
  await using server = await startServer(OPERATOR);
  await using one = await boundUdp();
  await using two = await boundUdp();
  server.program.write('/who\n');
  await server.program.line(/^nobody has written yet$/);
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
  await server.program.line(/unknown command \/nowhere/);
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

test('what a blocked peer has in line is dropped, and the next text is for who comes after it', async () => {
  await using server = await startServer([...OPERATOR, '--admin', '127.0.0.1:0']);
  await using noisy = await boundUdp();
  await using honest = await boundUdp();
  for (let number = 1; number <= 20; number++) await noisy.send(`noise ${number}`, server.port);
  await server.program.line(shownAs(noisy.port, 'noise 1'));
  await honest.send('question', server.port);
  await noisy.send('noise 21', server.port);
  server.program.write('/block #1\n');
  await server.program.line(shownAs(honest.port, 'question'));
  server.program.write('answer\n');
  expect((await honest.next()).text).toBe('answer');
  await honest.send('and now?', server.port);
  server.program.write('nothing waits\n');
  expect((await honest.next()).text).toBe('nothing waits');
  expect(server.program.output().stdout).not.toContain('noise 2');
  expect(noisy.waiting).toBe(0);
  expect(await scrape(server.program)).toMatchObject({ 'datagrams_dropped_total{reason="blocked"}': 21, datagrams_waiting: 0 });
});

test('one datagram does not fill the screen: what it has more of is counted', async () => {
  await using server = await startServer([...OPERATOR, '--framing', 'line']);
  await using peer = await boundUdp();
  await peer.send('x\n'.repeat(1000), server.port);
  await server.program.line(shownAs(peer.port, `${1000 - MAX_SHOWN_MESSAGES} more messages in this datagram`));
  server.program.write('that much?\n');
  expect((await peer.next()).text).toBe('that much?\n');
  expect(server.program.output().stdout.match(/ : x$/gm)).toHaveLength(MAX_SHOWN_MESSAGES);
});

test('of a long message the beginning is shown', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  await peer.send('y'.repeat(60_000), server.port);
  await server.program.line(shownAs(peer.port, `${'y'.repeat(MAX_SHOWN_BYTES)}… (+${60_000 - MAX_SHOWN_BYTES} bytes)`));
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
  await terminal.waitFor(/nobody has written yet\n>>> $/);
  terminal.enter('an early answer');
  await using peer = await boundUdp();
  await peer.send('hello', Number(port));
  expect((await peer.next()).text).toBe('an early answer');
  terminal.enter('/quit');
  expect((await terminal.exit()).code).toBe(0);
});

test.skipIf(!terminalAvailable())('an operator whose terminal closes takes leave of the peer that waits for an answer', async () => {
  await using terminal = startProgramTerminal('udp-multi', [...OPERATOR, '--listen', 'udp://127.0.0.1:0']);
  const port = Number((await terminal.waitFor(/udp:\/\/127\.0\.0\.1:(\d+)/))[1]);
  await using peer = await boundUdp();
  await peer.send('hello', port);
  await terminal.waitFor(/ : hello/);
  terminal.hangUp();
  expect((await peer.next()).text).toBe('q');
});
