import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { nextDatagram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startServer } from '../start.ts';
import type { Socket } from 'node:dgram';

const GROUP = '239.255.7.7';
const MULTICAST = ['--topology', 'multicast', '--multicast', GROUP];

/** A socket of this machine that hears the group, as other members do. */
async function memberOf(port: number): Promise<Socket> {
  const member = createSocket({ type: 'udp4', reuseAddr: true });
  member.bind({ address: GROUP, port });
  await once(member, 'listening');
  member.addMembership(GROUP, '127.0.0.1');
  return member;
}

function sender(): Socket {
  const socket = createSocket('udp4');
  socket.bindSync({ address: '127.0.0.1', port: 0 });
  socket.setMulticastInterface('127.0.0.1');
  return socket;
}

const linux = process.platform === 'linux';

test.runIf(linux)('what is sent to the group is answered to its sender, from the address of the service', async () => {
  await using server = await startServer(MULTICAST);
  const peer = sender();
  const answer = nextDatagram(peer);
  peer.send('who is there?', server.port, GROUP);
  expect(await answer).toMatchObject({ text: 'who is there?', peer: { address: '127.0.0.1', port: server.port } });
  peer.close();
  expect(await server.program.log('group joined')).toMatchObject({ group: GROUP, through: '127.0.0.1' });
});

test.runIf(linux)('a stranger that writes to the group is not answered: every member would answer it', async () => {
  await using server = await startServer([...MULTICAST, '--trust', 'none']);
  const peer = sender();
  peer.send('who is there?', server.port, GROUP);
  expect(await server.program.log('datagram dropped')).toMatchObject({ reason: 'group-unproven' });
  const answer = nextDatagram(peer);
  peer.send('you alone', server.port, '127.0.0.1');
  expect((await answer).text).toBe('you alone');
  peer.close();
});

test.runIf(linux)('what the operator says to all goes to the group, once, and the service does not answer itself', async () => {
  await using server = await startServer([...MULTICAST, '--session', 'operator']);
  const member = await memberOf(server.port);
  const heard = nextDatagram(member);
  server.program.write('/all good morning\n');
  expect(await heard).toMatchObject({ text: 'good morning', peer: { port: server.port } });
  await server.program.line(/sent to 1$/);
  expect(await server.program.log('datagram dropped')).toMatchObject({ reason: 'source-own-endpoint' });
  member.close();
});

test.runIf(linux)('an announcement goes to the broadcast address too', async () => {
  await using server = await startServer(['--topology', 'multicast', '--broadcast', '127.255.255.255', '--session', 'operator']);
  const neighbour = createSocket('udp4');
  neighbour.bindSync({ address: '127.255.255.255', port: server.port });
  const heard = nextDatagram(neighbour);
  server.program.write('/all to the whole network\n');
  expect((await heard).text).toBe('to the whole network');
  neighbour.close();
});

test('a group on an interface that is not there is one line that names those there are, exit 1', async () => {
  await expect(startServer([...MULTICAST.slice(0, 3), `${GROUP}%nowhere0`])).rejects.toThrow(
    /cannot join the group 239\.255\.7\.7: no interface nowhere0/,
  );
});
