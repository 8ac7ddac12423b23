import { PassThrough } from 'node:stream';
import { boundUdp, meaningsOfZero, nextDatagram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createUdpMultiProgram } from '../src/cli.ts';
import { startServer } from './start.ts';

const stream = new PassThrough();
const program = createUdpMultiProgram({ stdin: stream, stdout: stream, stderr: stream });

test('each numeric option takes 0 for what its help says, or does not take it', () => {
  expect(meaningsOfZero(program), 'write what 0 means for each numeric option into this list, and into its help').toEqual({
    'udp-multi --max-datagram': 'all but empty ones',
    'udp-multi --truncate-at': 'none of them',
    'udp-multi --recv-buffer': 'refused',
    'udp-multi --multicast-ttl': 'they stay on this machine',
    'udp-multi --min-source-port': 'refused',
    'udp-multi --ipv6-prefix': 'refused',
    'udp-multi --rate-ip': 'refused',
    'udp-multi --rate-prefix': 'refused',
    'udp-multi --rate-total': 'refused',
    'udp-multi --loop-max': 'off',
    'udp-multi --peers-max': 'refused',
    'udp-multi --peer-ttl': 'refused',
    'udp-multi --members-per-ip': 'any number',
    'udp-multi --rate-member': 'refused',
    'udp-multi --loss': 'none',
    'udp-multi --dup': 'none',
    'udp-multi --reorder': 'none',
    'udp-multi --delay': 'none',
    'udp-multi --workers': 'refused',
    'udp-multi --port-busy-retries': 'none',
    'udp-multi --port-busy-delay': 'at once',
    'udp-multi --drain-timeout': 'it is cut at once',
    'udp-multi --drain-delay': 'not at all',
    'send --timeout': 'for ever',
    'call --sockets': 'refused',
    'call --datagrams': 'refused',
    'call --duration': 'refused',
    'call --size': 'an empty one',
    'call --depth': 'refused',
    'call --rate': 'refused',
    'call --max-loss': 'when anything is',
    'call --timeout': 'refused',
    'join --rejoin': 'refused',
    'join --timeout': 'refused',
  });
});

test('impairments of 0 are none, and --loop-max 0 lets any number of equal datagrams be answered', async () => {
  await using server = await startServer(['--loss', '0%', '--dup', '0%', '--reorder', '0%', '--delay', '0', '--loop-max', '0']);
  await using client = await boundUdp();
  for (let each = 0; each < 200; each++) {
    const answer = nextDatagram(client.socket);
    client.socket.send('same', server.port, '127.0.0.1');
    expect(String((await answer).payload)).toBe('same');
  }
});

test('--max-datagram 0 takes empty datagrams alone, --truncate-at 0 nothing of each', async () => {
  await using empty = await startServer(['--max-datagram', '0']);
  await using client = await boundUdp();
  client.socket.send('x', empty.port, '127.0.0.1');
  client.socket.send('', empty.port, '127.0.0.1');
  expect((await nextDatagram(client.socket)).payload.length).toBe(0);
  await using cut = await startServer(['--truncate-at', '0']);
  client.socket.send('hello', cut.port, '127.0.0.1');
  expect((await nextDatagram(client.socket)).payload.length).toBe(0);
});
