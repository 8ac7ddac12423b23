import { boundUdp, standStill } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { openPeer } from '../../src/datagrams/trial/peer.ts';

test('a datagram that came while this process stood still is not late', async () => {
  await using server = await boundUdp();
  const peer = await openPeer({ host: '127.0.0.1', port: server.port });
  const waiting = peer.wait(50, () => peer.arrivals.length > 0);
  await server.send('answer', peer.port);
  standStill(100);
  await waiting;
  expect(peer.arrivals).toHaveLength(1);
  peer.close();
});
