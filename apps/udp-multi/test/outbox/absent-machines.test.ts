import { spawnSync } from 'node:child_process';
import { programCommand, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';

// A network of its own: v0 leads to nobody, so whoever takes its address away is a machine that is not there.
const NETWORK = [
  'ip link set lo up',
  'ip link add v0 type veth peer name v1',
  'ip link set v0 up',
  'ip link set v1 up',
  ...['10.9.0.9/24', '10.9.0.7/24', '10.9.0.77/24'].map((address) => `ip addr add ${address} dev v0`),
  ...['fd09::9/64', 'fd09::7/64', 'fd09::77/64'].map((address) => `ip addr add ${address} dev v0 nodad`),
].join(' && ');

/** Runs a shell script in a network of its own. */
const isolated = (script: string): readonly [string, ...string[]] => ['unshare', '-rn', 'sh', '-c', script];

const [command, ...args] = isolated(NETWORK);
const canHaveNetwork = spawnSync(command, args).status === 0;

/** A small send buffer, which a hundred datagrams fill. */
const SMALL_BUFFER = `
  import { Socket } from 'node:dgram';
  const { setSendBufferSize } = Socket.prototype;
  Socket.prototype.setSendBufferSize = function () { setSendBufferSize.call(this, 32 * 1024); };
`;

/** Two hundred datagrams of a machine that goes away before they are answered, and then one of a machine that stays. */
const PEERS = `
  const { execFileSync } = require('node:child_process');
  const { createSocket } = require('node:dgram');
  const { FAMILY, SERVICE, PORT, HONEST, ABSENT } = process.env;
  const send = (socket, text) => new Promise((sent) => socket.send(text, Number(PORT), SERVICE, sent));
  const bound = (address) => new Promise((resolve) => { const socket = createSocket(FAMILY); socket.bind({ address }, () => resolve(socket)); });
  (async () => {
    const [absent, honest] = [await bound(ABSENT), await bound(HONEST)];
    honest.on('message', (text) => { console.log('answered: ' + text); process.exit(0); });
    process.kill(process.ppid, 'SIGSTOP');
    for (let number = 0; number < 200; number++) await send(absent, 'number ' + number);
    await send(honest, 'I am still here');
    absent.close();
    execFileSync('ip', ['addr', 'del', ABSENT + (FAMILY === 'udp4' ? '/24' : '/64'), 'dev', 'v0']);
    process.kill(process.ppid, 'SIGCONT');
  })();
`;

test.skipIf(!canHaveNetwork).each([
  ['udp4', '10.9.0.9', '10.9.0.7', '10.9.0.77'],
  ['udp6', 'fd09::9', 'fd09::7', 'fd09::77'],
])('%s: answers to a machine that is not there leave room for those to others', async (family, host, honest, absent) => {
  const endpoint = family === 'udp4' ? `udp://${host}:9000` : `udp://[${host}]:9000`;
  const service = programCommand('udp-multi', ['--listen', endpoint, '--loop-max', '0']);
  // The shell becomes the service, so that it is the parent of its peers; they begin when they are told that it listens.
  await using program = startCommand(
    [...isolated(`${NETWORK} && exec 3<&0 && { { read -r _ <&3 && exec "$1" -e "$PEERS"; } & exec "$@"; }`), 'sh', ...service],
    {
      env: {
        PEERS,
        FAMILY: family,
        SERVICE: host,
        PORT: '9000',
        HONEST: honest,
        ABSENT: absent,
        NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(SMALL_BUFFER)}`,
      },
    },
  );
  await program.log('listening');
  program.write('go\n');
  await program.line(/^answered: I am still here$/);
  expect(await program.log('datagram dropped')).toMatchObject({ reason: 'neighbor-unknown' });
});
