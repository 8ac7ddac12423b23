// Runs compose.yaml with a compose that others wrote, podman-compose of Debian, on images that are built already:
//
//   node .ci/containers-compose-real.mjs PODMAN [OPTION...]       as .ci/containers calls containers.mjs, behind it: its images are there
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const SERVICES = ['tcp-echo', 'udp-multi', 'sticky-lab'];
// Nothing else on a machine listens there.
const PUBLISHED = '127.0.0.78';
const LIMIT_MS = 120_000;
const ASK_AGAIN_MS = 500;
const folder = mkdtempSync(join(tmpdir(), 'socklab-compose-'));
const podman = join(folder, 'podman');

install();
// podman-compose takes one word for podman.
writeFileSync(podman, `#!/bin/sh\nexec ${process.argv.slice(2).map(quoted).join(' ')} "$@"\n`);
chmodSync(podman, 0o755);
try {
  compose('up', '--detach', '--no-build', ...SERVICES);
  await until('tcp-echo', () => answerOf(connect({ host: PUBLISHED, port: 9000 }), 'hello'), 'hello');
  await until('udp-multi', datagram, 'hello');
  await until('sticky-lab', async () => (await fetch(`http://${PUBLISHED}:8080/api/lab`)).status, 401);
  process.stdout.write(`compose: podman-compose runs ${SERVICES.join(', ')}; each answers on the port that compose.yaml publishes\n`);
} finally {
  compose('down');
  rmSync(folder, { recursive: true });
}

function install() {
  if (spawnSync('podman-compose', ['--help']).status === 0) return;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'podman-compose'], {
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Debian did not install podman-compose: ${stderr}`);
}

function compose(...words) {
  const environment = { ...process.env, SOCKLAB_PUBLISH: PUBLISHED, STICKY_LAB_TOKEN: 'only-for-this-run-0000' };
  const all = ['--podman-path', podman, '-p', 'socklab-real', '-f', 'compose.yaml', ...words];
  const { status, stdout, stderr } = spawnSync('podman-compose', all, { env: environment, encoding: 'utf8', timeout: LIMIT_MS });
  if (status !== 0 && words[0] !== 'down') throw new Error(`podman-compose ${words.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
}

/** Asks until the answer is the one that is wanted. */
async function until(service, ask, wanted) {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask().catch((error) => error.message);
    if (answer === wanted) return;
    if (Date.now() > deadline) throw new Error(`${service}: after ${LIMIT_MS} ms it answers ${answer}, not ${wanted}`);
    await delay(ASK_AGAIN_MS);
  }
}

/** What a TCP service says to `text`, up to as many bytes. */
function answerOf(socket, text) {
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.setTimeout(ASK_AGAIN_MS, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject).once('close', () => resolve(answer));
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
      if (answer.length >= text.length) socket.destroy();
    });
    socket.write(text);
  });
}

function datagram() {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const timer = setTimeout(() => end(reject, new Error('no answer')), ASK_AGAIN_MS);
    const end = (settle, value) => {
      clearTimeout(timer);
      socket.close();
      settle(value);
    };
    socket.once('error', (error) => end(reject, error)).once('message', (message) => end(resolve, message.toString()));
    socket.send('hello', 9000, PUBLISHED);
  });
}

function quoted(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
