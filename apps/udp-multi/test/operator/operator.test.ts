import { boundUdp, foreignPeer, keys, startProgramTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { shownAs, startClient, startServer } from '../start.ts';

const script = foreignPeer('script');
const nc = foreignPeer('nc');
const OPERATOR = ['--session', 'operator'];

test('shows each datagram in order of arrival and answers each to its own sender', async () => {
  await using server = await startServer(OPERATOR);
  await using one = await boundUdp();
  await using two = await boundUdp();
  await one.send('你好', server.port);
  await two.send('hello', server.port);
  await one.send('再见', server.port);
  await server.program.line(shownAs(one.port, '你好'));
  server.program.write('to one\nto two\nto one again\n');
  const { payload, peer } = await one.next();
  expect(payload).toEqual(Buffer.from('to one'));
  expect(peer.port).toBe(server.port);
  expect((await two.next()).text).toBe('to two');
  expect((await one.next()).text).toBe('to one again');
  const shown = server.program.output().stdout.match(/\('127\.0\.0\.1', \d+\) : .*/g);
  expect(shown).toEqual([`('127.0.0.1', ${one.port}) : 你好`, `('127.0.0.1', ${two.port}) : hello`, `('127.0.0.1', ${one.port}) : 再见`]);
  expect(one.waiting + two.waiting).toBe(0);
});

test('a datagram waits for its turn: it is shown when the one before it is answered', async () => {
  await using server = await startServer(OPERATOR);
  await using one = await boundUdp();
  await using two = await boundUdp();
  await one.send('first', server.port);
  await two.send('second', server.port);
  await server.program.line(/ : first$/);
  server.program.write('answer\n');
  await one.next();
  await server.program.line(shownAs(two.port, 'second'));
});

test.skipIf(!script.available || !nc.available)('one-shot and looping clients of three kinds interleave', async () => {
  await using server = await startServer(OPERATOR);
  await using loop = script.udpClient(server.port);
  await using looping = startClient(server.port);
  loop.write('loop 1\n');
  await server.program.line(/ : loop 1$/);
  await using once = script.udpOnce(server.port, 'once');
  server.program.write('to loop 1\n');
  expect(await loop.nextRead()).toEqual(Buffer.from('to loop 1'));
  await server.program.line(/ : once$/);
  looping.write('ours\n');
  loop.write('loop 2\n');
  server.program.write('to once\n');
  expect(await once.nextRead()).toEqual(Buffer.from('to once'));
  expect((await once.exit()).code).toBe(0);
  // The two came at the same time, in an order nobody can know: the answers tell whom they were for.
  server.program.write('to the next\nto the one after\n');
  const answers = [String(await loop.nextRead()), await looping.line(/to the/)];
  expect(answers.toSorted()).toEqual(['to the next', 'to the one after']);
  await using netcat = nc.udpOnce(server.port, 'from nc');
  await server.program.line(/ : from nc$/);
  server.program.write('to nc\n');
  await netcat.waitFor(/^to nc$/);
  loop.write('q\n');
  looping.write('q\n');
  expect((await loop.exit()).code).toBe(0);
  expect((await looping.exit()).code).toBe(0);
});

test('a peer that sends the quit word is shown and not answered; the others go on', async () => {
  await using server = await startServer(OPERATOR);
  await using leaving = await boundUdp();
  await using staying = await boundUdp();
  await leaving.send('q\n', server.port);
  await staying.send('hello', server.port);
  server.program.write('to the one who stays\n');
  expect((await staying.next()).text).toBe('to the one who stays');
  await server.program.line(shownAs(leaving.port, 'q'));
  expect(leaving.waiting).toBe(0);
});

test('the quit word of the operator ends that client, not the server', async () => {
  await using server = await startServer(OPERATOR);
  await using client = startClient(server.port);
  client.write('hello\n');
  await server.program.line(/ : hello$/);
  server.program.write('q\n');
  expect((await client.exit()).code).toBe(0);
  await using next = await boundUdp();
  await next.send('still there?', server.port);
  server.program.write('yes\n');
  expect((await next.next()).text).toBe('yes');
});

test('--quit changes the word, and the old one is an ordinary datagram', async () => {
  await using server = await startServer([...OPERATOR, '--quit', 'bye']);
  await using peer = await boundUdp();
  await peer.send('q', server.port);
  server.program.write('just a letter\n');
  expect((await peer.next()).text).toBe('just a letter');
  await peer.send('waiting', server.port);
  await server.program.line(shownAs(peer.port, 'waiting'));
  server.program.endInput();
  expect((await peer.next()).text).toBe('bye');
  expect((await server.program.exit()).code).toBe(0);
});

test('lines that came before a datagram wait for it', async () => {
  await using server = await startServer(OPERATOR);
  server.program.write('early\n');
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  expect((await peer.next()).text).toBe('early');
});

test('an empty datagram is shown, and an empty line is sent as one', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  await peer.send('', server.port);
  await server.program.line(shownAs(peer.port, ''));
  server.program.write('\n');
  expect((await peer.next()).payload).toHaveLength(0);
});

test('what a peer sends cannot act on the terminal: it is shown escaped', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  await peer.send(Buffer.from([0x1b, 0x5b, 0x32, 0x4a, 0xff, 0x07]), server.port);
  await server.program.line(shownAs(peer.port, String.raw`\x1b[2J\xff\x07`));
});

test('shows an IPv6 peer as host and port', async () => {
  await using server = await startServer(OPERATOR, { host: '[::1]' });
  await using peer = await boundUdp('::1');
  await peer.send('你好', server.port);
  await server.program.line(shownAs(peer.port, '你好', '::1'));
});

test('an answer that does not fit is not sent: the operator is told and asked again', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  server.program.write(`${'x'.repeat(65_508)}\nshort\n`);
  expect((await peer.next()).text).toBe('short');
  await server.program.line(/65,508 bytes does not fit in one datagram: at most 65,507/);
});

test('at the end of input each sender who waits is told q once, and the server exits 0', async () => {
  await using server = await startServer(OPERATOR);
  await using one = await boundUdp();
  await using two = await boundUdp();
  await one.send('first', server.port);
  await one.send('second', server.port);
  await two.send('third', server.port);
  // Answered last, so the others are in line when it is.
  await server.program.line(shownAs(one.port, 'first'));
  server.program.endInput();
  expect((await two.next()).text).toBe('q');
  expect((await one.next()).text).toBe('q');
  expect((await server.program.exit()).code).toBe(0);
  expect(one.waiting + two.waiting).toBe(0);
  expect(await server.program.log('closed')).toMatchObject({ datagramsIn: 3, datagramsOut: 2, dropped: 1 });
});

test('the last line of input is an answer that still arrives', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  server.program.write('last words\n');
  server.program.endInput();
  await peer.send('hello', server.port);
  expect((await peer.next()).text).toBe('last words');
  expect((await server.program.exit()).code).toBe(0);
  expect(peer.waiting).toBe(0);
});

test('with an empty --quit nobody is told goodbye, and q is an ordinary datagram', async () => {
  await using server = await startServer([...OPERATOR, '--quit', '']);
  await using peer = await boundUdp();
  await peer.send('q', server.port);
  server.program.write('q\n');
  expect((await peer.next()).text).toBe('q');
  await peer.send('waiting', server.port);
  await server.program.line(shownAs(peer.port, 'waiting'));
  server.program.endInput();
  expect((await server.program.exit()).code).toBe(0);
  expect(peer.waiting).toBe(0);
});

test('SIGTERM tells q to those who wait and exits 0', async () => {
  await using server = await startServer(OPERATOR);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  await server.program.line(shownAs(peer.port, 'hello'));
  server.program.signal('SIGTERM');
  expect((await peer.next()).text).toBe('q');
  expect((await server.program.exit()).code).toBe(0);
});

test('--once asks for the first datagram only, and exits 0 when its answer has left', async () => {
  await using server = await startServer([...OPERATOR, '--once']);
  await using first = await boundUdp();
  await using second = await boundUdp();
  await first.send('hello', server.port);
  await second.send('too late', server.port);
  expect(await server.program.log('datagram dropped')).toMatchObject({ reason: 'closing', peer: `127.0.0.1:${second.port}` });
  server.program.write('bye\n');
  expect((await first.next()).text).toBe('bye');
  expect((await server.program.exit()).code).toBe(0);
  expect(second.waiting).toBe(0);
});

test('without a terminal the conversation is on standard output and the log on standard error', async () => {
  await using server = await startServer([...OPERATOR, '--once']);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  server.program.write('bye\n');
  const { stdout, stderr } = await server.program.exit();
  expect(stdout).toBe(`('127.0.0.1', ${peer.port}) : hello\n`);
  for (const line of stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ app: 'udp-multi' });
});

test.skipIf(!terminalAvailable())(
  'on a terminal datagrams and log lines come above the prompt; Ctrl-C says goodbye and exits 0',
  async () => {
    await using terminal = startProgramTerminal('udp-multi', [...OPERATOR, '--listen', 'udp://127.0.0.1:0'], {
      size: { columns: 160, rows: 40 },
    });
    const [, port] = await terminal.waitFor(/udp:\/\/127\.0\.0\.1:(\d+)/);
    await using one = await boundUdp();
    await using two = await boundUdp();
    await one.send('你好', Number(port));
    await terminal.waitFor(new RegExp(String.raw`\('127\.0\.0\.1', ${one.port}\) : 你好\n>>> $`));
    terminal.write('half an ');
    await terminal.waitFor(/>>> half an $/);
    await two.send('me too', Number(port));
    terminal.enter('answer');
    expect((await one.next()).text).toBe('half an answer');
    await terminal.waitFor(new RegExp(String.raw`\('127\.0\.0\.1', ${two.port}\) : me too\n>>> $`));
    terminal.write(keys.ctrlC);
    expect((await two.next()).text).toBe('q');
    expect((await terminal.exit()).code).toBe(0);
  },
);
