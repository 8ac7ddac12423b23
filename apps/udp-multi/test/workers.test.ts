import { boundUdp, inheritableUdp, programCommand, startCommand, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { scrape } from './scrape.ts';
import { portsOf, startServer } from './start.ts';

const linux = process.platform === 'linux';

test.runIf(linux)('--workers: several processes share the port, and their numbers are summed', async () => {
  await using server = await startServer(['--workers', '2', '--admin', '127.0.0.1:0']);
  for (let index = 0; index < 64; index++) {
    await using peer = await boundUdp();
    await peer.send(`number ${index}`, server.port);
    expect((await peer.next()).text).toBe(`number ${index}`);
  }
  expect(await scrape(server.program)).toMatchObject({ datagrams_received_total: 64, datagrams_sent_total: 64 });
  server.program.signal('SIGTERM');
  expect((await server.program.exit()).code).toBe(0);
  const shares = server.program.logs('closed').map(({ datagramsIn }) => Number(datagramsIn));
  expect(shares).toHaveLength(2);
  expect(shares.reduce((sum, each) => sum + each, 0)).toBe(64);
  for (const share of shares) expect(share).toBeGreaterThan(0);
});

test.runIf(linux)('what comes for a worker that stands still is answered when it goes on', async () => {
  await using server = await startServer(['--workers', '2']);
  const { pid } = await server.program.log('worker listening', { where: ({ worker }) => worker === 2 });
  process.kill(Number(pid), 'SIGSTOP');
  await using peers = new AsyncDisposableStack();
  const answers: Promise<unknown>[] = [];
  for (let index = 0; index < 32; index++) {
    const peer = peers.use(await boundUdp());
    await peer.send(`number ${index}`, server.port);
    answers.push(peer.next().then(({ text }) => text));
  }
  // The kernel goes on giving it its share.
  expect(await Promise.any(answers)).toMatch(/^number/);
  process.kill(Number(pid), 'SIGCONT');
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 32 }, (_, index) => `number ${index}`));
});

test.each([
  [['--session', 'operator'], /operator is one person/],
  [['--once'], /--once/],
  [['--topology', 'multicast', '--multicast', '239.255.7.7'], /every datagram of a group/],
  [['--topology', 'many-to-many'], /--bus nats:.*--cookie-key/],
])('--workers 2 with %j is one clear line and exit 2', async (args, message) => {
  await using program = startProgram('udp-multi', ['--workers', '2', ...args]);
  const { code, stderr } = await program.exit();
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});

test('--port-busy next takes the port after it', async () => {
  await using first = await startServer();
  await using second = startProgram('udp-multi', ['--listen', `udp://127.0.0.1:${first.port}`, '--port-busy', 'next']);
  const [port = 0] = await portsOf(second);
  expect(port).toBeGreaterThan(first.port);
  await using peer = await boundUdp();
  await peer.send('hello', port);
  expect((await peer.next()).text).toBe('hello');
});

test('--port-busy retry gets the port once it is free, and SIGTERM ends the wait', async () => {
  await using first = await startServer();
  const args = [
    '--listen',
    `udp://127.0.0.1:${first.port}`,
    '--port-busy',
    'retry',
    '--port-busy-delay',
    '50ms',
    '--port-busy-retries',
    '1000',
  ];
  await using impatient = startProgram('udp-multi', args);
  await impatient.log('address in use, trying again');
  impatient.signal('SIGTERM');
  expect((await impatient.exit()).code).toBe(0);
  await using patient = startProgram('udp-multi', args);
  await patient.log('address in use, trying again');
  first.program.signal('SIGTERM');
  expect(await portsOf(patient)).toEqual([first.port]);
});

test.runIf(linux)('a socket that systemd passed is listened on without being asked for', async () => {
  using inherited = inheritableUdp();
  // The shell becomes the service, so that LISTEN_PID is its process; the testkit's own start has no such step.
  const command = programCommand('udp-multi')
    .map((word) => `'${word}'`)
    .join(' ');
  await using program = startCommand(['sh', '-c', `LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=echo exec ${command}`], {
    fds: [inherited.fd],
  });
  inherited.close();
  expect(await portsOf(program)).toEqual([inherited.port]);
  await using peer = await boundUdp();
  await peer.send('hello', inherited.port);
  expect((await peer.next()).text).toBe('hello');
});
