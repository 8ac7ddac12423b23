import { spawnSync } from 'node:child_process';
import { programCommand, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';

const GROUP = 'ff02::7:7';
const PORT = 9000;

// A loopback interface carries no IPv6 multicast, and nothing is to leave this machine: a network of its own it is.
const NETWORK = [
  'ip link set lo up',
  'ip link add v0 type veth peer name v1',
  'ip link set v0 up',
  'ip link set v1 up',
  'ip -6 addr add fd00::9/64 dev v0 nodad',
].join(' && ');

/** Runs a shell script in a network of its own. */
const isolated = (script: string): readonly [string, ...string[]] => ['unshare', '-rn', 'sh', '-c', script];

const [command, ...args] = isolated(NETWORK);
const canHaveNetwork = spawnSync(command, args).status === 0;

/** Hears the group and its own port, and asks the group who is there until somebody says so. */
const MEMBER = `
  const { createSocket } = require('node:dgram');
  const own = createSocket('udp6');
  const group = createSocket({ type: 'udp6', reuseAddr: true });
  const ask = () => own.send('who is there?', ${PORT}, '${GROUP}');
  setTimeout(() => process.exit(1), 20_000);
  group.on('message', (payload, peer) => {
    if (String(payload) === 'who is there?') return;
    console.log('member heard: ' + payload);
    process.exit(0);
  });
  group.bind({ address: '${GROUP}%v0', port: ${PORT} }, () => {
    group.addMembership('${GROUP}', '::%v0');
    own.bind({ address: 'fd00::9', port: 0 }, () => {
      own.setMulticastInterface('::%v0');
      const asking = setInterval(ask, 50);
      own.once('message', (payload) => {
        clearInterval(asking);
        console.log('member was answered: ' + payload);
      });
    });
  });
`;

test.skipIf(!canHaveNetwork)('over IPv6 the group is heard, its sender answered, and announced to', async () => {
  const group = ['--topology', 'multicast', '--multicast', `${GROUP}%v0`, '--trust', 'any'];
  const service = programCommand('udp-multi', ['--listen', `udp://[fd00::9]:${PORT}`, '--session', 'operator', ...group]);
  const script = `${NETWORK} && { "$1" -e "$MEMBER" & exec "$@"; }`;
  await using program = startCommand([...isolated(script), 'sh', ...service], { env: { MEMBER } });
  await program.line(/\('fd00::9', \d+\) : who is there\?$/);
  program.write('I am\n');
  await program.line(/member was answered: I am$/);
  program.write('/all good morning\n');
  await program.line(/member heard: good morning$/);
  expect(await program.log('group joined')).toMatchObject({ group: GROUP, through: '::%v0' });
});
