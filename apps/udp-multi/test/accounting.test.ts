import { boundUdp } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { scrapeUntil } from './scrape.ts';
import { startServer } from './start.ts';
import type { Scraped } from './scrape.ts';

const ADMIN = ['--admin', '127.0.0.1:0'];

/** What became of the datagrams that were received. */
function explained(metrics: Scraped): number {
  const count = (name: string): number => metrics[name] ?? 0;
  const dropped = Object.entries(metrics).reduce(
    (sum, [name, value]) => (name.startsWith('datagrams_dropped_total') ? sum + value : sum),
    0,
  );
  const ended = count('datagrams_sent_total') + dropped + count('send_errors_total') + count('quits_total') + count('taken_total');
  return ended + count('datagrams_waiting') + count('answers_delayed');
}

// Other systems do not tell what they dropped.
test.runIf(process.platform === 'linux').each([
  ['with the buffer of the system', []],
  ['with a large buffer', ['--recv-buffer', '8MiB']],
])('of a burst of 5,000 datagrams of 1 KiB each is answered or explained, %s', async (_, args) => {
  await using server = await startServer([...ADMIN, ...args]);
  await using peer = await boundUdp();
  const sent: Promise<void>[] = [];
  for (let index = 0; index < 5000; index++) {
    const payload = Buffer.alloc(1024);
    payload.writeUInt32BE(index);
    sent.push(peer.send(payload, server.port));
  }
  await Promise.all(sent);
  const metrics = await scrapeUntil(
    server.program,
    ({ datagrams_received_total: read = 0, kernel_drops_total: lost = 0 }) => read + lost === 5000,
  );
  expect(explained(metrics)).toBe(metrics['datagrams_received_total']);
  server.program.signal('SIGTERM');
  await server.program.exit();
  const { datagramsIn, kernelDropped } = await server.program.log('closed');
  expect(Number(datagramsIn) + Number(kernelDropped)).toBe(5000);
});

test('impaired or not, every datagram received is explained', async () => {
  await using server = await startServer([
    ...ADMIN,
    '--loss',
    '20%',
    '--dup',
    '10%',
    '--reorder',
    '10%',
    '--delay',
    '2ms±2ms',
    '--recv-buffer',
    '4MiB',
  ]);
  await using peer = await boundUdp();
  for (let index = 0; index < 300; index++) await peer.send(`number ${index}`, server.port);
  const metrics = await scrapeUntil(
    server.program,
    ({ datagrams_received_total: read = 0, answers_delayed: late }) => read === 300 && late === 0,
  );
  expect(explained(metrics)).toBe(300);
  expect(metrics['datagrams_dropped_total{reason="impaired"}']).toBeGreaterThan(20);
  expect(metrics['copies_sent_total']).toBeGreaterThan(10);
});

/** The answers that come through a bad network. */
async function answersOf(count: number): Promise<readonly string[]> {
  await using server = await startServer([...ADMIN, '--loss', '30%', '--seed', '7', '--recv-buffer', '4MiB']);
  await using peer = await boundUdp();
  for (let index = 0; index < count; index++) await peer.send(`${index}`, server.port);
  server.program.signal('SIGTERM');
  await server.program.exit();
  const { datagramsOut } = await server.program.log('closed');
  const answers: string[] = [];
  while (answers.length < Number(datagramsOut)) answers.push((await peer.next()).text);
  return answers;
}

test('the same seed loses the same answers', async () => {
  const first = await answersOf(100);
  expect(first.length).toBeLessThan(90);
  expect(first.length).toBeGreaterThan(50);
  expect(await answersOf(100)).toEqual(first);
});

test('an answer held back at the end leaves before the service does', async () => {
  await using server = await startServer(['--delay', '1h', ...ADMIN]);
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  await scrapeUntil(server.program, ({ answers_delayed: late }) => late === 1);
  server.program.signal('SIGTERM');
  expect((await peer.next()).text).toBe('hello');
  expect((await server.program.exit()).code).toBe(0);
});
