import { createLogger } from '@socklab/service';
import { captureLog } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createTraffic } from '../../src/metrics.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { createReports } from '../../src/reports.ts';
import type { UdpSocket } from '../../src/socket/socket.ts';

const NO_IMPAIRMENT = { loss: 0, dup: 0, reorder: 0, delayMs: 0, jitterMs: 0, seed: 1 };

test('a copy for a member whose machine is gone is not sent, and counted as lost', () => {
  const traffic = createTraffic();
  const outbox = createOutbox({
    traffic,
    reports: createReports(createLogger({ app: 'test', destination: captureLog().destination })),
    trust: 'loopback',
    impairment: NO_IMPAIRMENT,
    neighbors: { maySend: (address) => address !== '10.9.0.77', sent: () => undefined },
    now: () => 0,
    drop: () => undefined,
  });
  const sent: string[] = [];
  const socket = { sendCopy: (_: Uint8Array, { address }: { address: string }) => sent.push(address) > 0 } as unknown as UdpSocket;
  for (const address of ['10.9.0.7', '10.9.0.77', '10.9.0.8']) outbox.copy(socket, { address, port: 4000 }, Buffer.from('hi'));
  expect(sent).toEqual(['10.9.0.7', '10.9.0.8']);
  expect(traffic.copiesLost).toBe(1);
});
