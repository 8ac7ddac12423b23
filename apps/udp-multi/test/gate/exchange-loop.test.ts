import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startServer } from '../start.ts';

const GREET = ['--session', 'greet', '--reply', 'and hello to you'];

/**
 * Makes two services talk to each other, as one forged datagram would: the first is stopped while a datagram from the
 * second one's port waits for it, and goes on when the second one is there.
 */
async function pointAtEachOther(oneArgs: readonly string[], otherArgs: readonly string[]): Promise<number> {
  await using one = await startServer(oneArgs);
  one.program.signal('SIGSTOP');
  const forger = createSocket('udp4');
  const { port } = forger.bindSync({ address: '127.0.0.1', port: 0 });
  await new Promise<void>((sent) => {
    forger.send('hello', one.port, '127.0.0.1', () => sent());
  });
  forger.close();
  await once(forger, 'close');
  await using other = startProgram('udp-multi', ['--listen', `udp://127.0.0.1:${port}`, ...otherArgs]);
  await other.log('listening');
  one.program.signal('SIGCONT');
  await Promise.any([one.program, other].map((program) => program.log('datagram dropped', { where: ({ reason }) => reason === 'loop' })));
  const totals = [];
  for (const program of [one.program, other]) {
    program.signal('SIGTERM');
    expect((await program.exit()).code).toBe(0);
    totals.push(Number((await program.log('closed'))['datagramsIn']));
  }
  return totals.reduce((sum, each) => sum + each, 0);
}

test.runIf(process.platform !== 'win32').each([
  ['echo', 'echo', [], []],
  ['greet', 'echo', GREET, []],
  ['greet', 'greet', GREET, [...GREET.slice(0, 3), 'how do you do']],
])('%s and %s that were made to answer each other stop before 100 datagrams', async (_one, _other, oneArgs, otherArgs) => {
  const datagrams = await pointAtEachOther(oneArgs, otherArgs);
  expect(datagrams).toBeGreaterThan(32);
  expect(datagrams).toBeLessThan(100);
});
