// Starts the three compose files with podman-compose, which people of Debian have, talks to each service, and takes all of it down,
// Grafana and the probe apart:   node .ci/containers-podman-compose.mjs PODMAN    where PODMAN is one program. The images must be there.
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createPodman } from './containers-podman.mjs';
import { LIMITS } from './containers-words.mjs';

const FILES = ['compose.yaml', 'compose.extras.yaml', 'compose.monitoring.yaml'];
const PROJECT = 'socklab-again';
// Nothing else on a machine listens there.
const PUBLISHED = '127.0.0.78';
const TOKEN = 'only-for-this-run-0000';
const HEALTHY_MS = 60_000;
const ANSWER_MS = 10_000;
const [, , path] = process.argv;
process.env.SOCKLAB_PUBLISH = PUBLISHED;
process.env.STICKY_LAB_TOKEN = TOKEN;

const podman = createPodman([path]);
const compose = createPodman([
  'podman-compose',
  '--podman-path',
  path,
  `--podman-run-args=${LIMITS.join(' ')}`,
  '--project-name',
  PROJECT,
  ...FILES.flatMap((file) => ['-f', file]),
]);

try {
  // It knows no profiles: without names it would start the probe as well.
  for (const services of [['tcp-echo', 'udp-multi', 'sticky-lab'], ['nats', 'udp-room-1', 'udp-room-2'], ['prometheus']]) {
    await compose.call(['up', '--detach', ...services]);
    for (const service of services) await healthy(service);
  }
  await check('tcp-echo', 'hello over TCP', echoed('hello over TCP'));
  await check('udp-multi', 'hello over UDP', echoedDatagram('hello over UDP'));
  await check('sticky-lab, without the token', 401, statusOf('/'));
  await check('sticky-lab, with the token', 303, statusOf(`/?token=${TOKEN}`));
  const room = readFileSync(new URL('containers-room.mjs', import.meta.url), 'utf8');
  const inNode = ['exec', nameOf('udp-room-1'), 'node', '--input-type=module', '--eval'];
  const talk = await podman.call([...inNode, room, '--', 'udp-room-1', 'udp-room-2']);
  log(talk.stdout.trim());
  log((await promisify(execFile)(process.execPath, ['.ci/monitoring.mjs', '--without-grafana'])).stdout.trim());
  await compose.call(['down', '--volumes']);
  const { stdout } = await podman.call(['ps', '--all', '--quiet', '--filter', `label=io.podman.compose.project=${PROJECT}`]);
  await check('containers left', '', stdout.trim());
} catch (error) {
  process.stderr.write(`podman-compose failed: ${error.message}\n`);
  process.exit(1);
}

function nameOf(service) {
  return `${PROJECT}_${service}_1`;
}

async function healthy(service) {
  const deadline = Date.now() + HEALTHY_MS;
  while ((await podman.attempt(['healthcheck', 'run', nameOf(service)])).code !== 0) {
    if (Date.now() > deadline) throw new Error(`${service} is not healthy within ${HEALTHY_MS} ms`);
    await delay(250);
  }
  log(`${service} is healthy`);
}

async function echoed(text) {
  const socket = connect({ host: PUBLISHED, port: 9000, signal: AbortSignal.timeout(ANSWER_MS) });
  await once(socket, 'connect');
  socket.end(text);
  return (await socket.toArray()).join('');
}

async function echoedDatagram(text) {
  const socket = createSocket('udp4');
  socket.connect(9000, PUBLISHED);
  await once(socket, 'connect');
  socket.send(text);
  const [answer] = await once(socket, 'message', { signal: AbortSignal.timeout(ANSWER_MS) });
  socket.close();
  return String(answer);
}

async function statusOf(where) {
  return (await fetch(`http://${PUBLISHED}:8080${where}`, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) })).status;
}

async function check(what, wanted, seen) {
  const got = await seen;
  if (got !== wanted) throw new Error(`${what}: ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`);
  log(`${what}: ${got === '' ? 'none' : got}`);
}

function log(text) {
  process.stdout.write(`podman-compose: ${text}\n`);
}
