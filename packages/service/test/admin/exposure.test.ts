import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { startFixture } from '../process.ts';

const WARNING = 'exposed on every network of this machine; listen on 127.0.0.1 or [::1] for this machine only';

/** Addresses other machines can use, of this machine as it is. */
const addresses = (family: 'IPv4' | 'IPv6') =>
  Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => !entry.internal && entry.family === family)
    .map(({ address }) => address);

test('a wildcard bind warns, and lists where the service can be reached', async () => {
  await using service = startFixture('service', ['--listen', 'tcp://0.0.0.0:0']);
  const port = await service.port();
  expect(await service.log(WARNING)).toMatchObject({
    level: 'warn',
    endpoint: `tcp://0.0.0.0:${port}`,
    reachableAt: addresses('IPv4').map((address) => `tcp://${address}:${port}`),
  });
});

test('an IPv6 wildcard takes both families', async () => {
  await using service = startFixture('service', ['--listen', 'tcp://[::]:0']);
  const port = await service.port();
  const { reachableAt } = await service.log(WARNING);
  const expected = [
    ...addresses('IPv4').map((address) => `tcp://${address}:${port}`),
    ...addresses('IPv6').map((address) => `tcp://[${address}]:${port}`),
  ];
  expect((reachableAt as string[]).toSorted()).toEqual(expected.toSorted());
});

test('loopback and paths do not warn', async () => {
  await using service = startFixture('service', ['--listen', 'tcp://127.0.0.1:0', '--listen', `unix:@socklab-exposure-${process.pid}`]);
  await service.log('listening');
  service.child.kill('SIGTERM');
  expect((await service.exit()).stdout).not.toContain('exposed');
});
