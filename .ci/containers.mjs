// Builds the images, runs compose.yaml, and looks at it from all sides:   node .ci/containers.mjs PODMAN [OPTION...]
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Compose } from './containers-compose.mjs';
import { checkImage } from './containers-image.mjs';

const APPS = ['tcp-echo', 'udp-multi', 'sticky-lab'];
// Nothing else on a machine listens there.
const PUBLISHED = '127.0.0.77';
const NOT_DRAINED_MS = 30_000;
/** A service that has done so much within the time is under load. */
const BUSY_COUNT = 100;
const BUSY_WITHIN_MS = 30_000;
const TOKEN = randomBytes(16).toString('hex');
const engine = new Compose(['compose.yaml', 'compose.extras.yaml'], process.argv.slice(2), {
  SOCKLAB_PUBLISH: PUBLISHED,
  STICKY_LAB_TOKEN: TOKEN,
});

try {
  await engine.build(log);
  for (const app of APPS) await checkImage(engine, app, { equal, log });
  await startAll();
  for (const app of APPS) await checkConfined(app);
  await checkConversations();
  await checkProbe();
  await checkStops();
} catch (error) {
  fail(error.message);
}

async function startAll() {
  await engine.createNetwork();
  for (const service of ['tcp-echo', 'udp-multi', 'nats']) await engine.up(service);
  await engine.healthy('tcp-echo');
  await engine.healthy('nats');
  for (const service of ['sticky-lab', 'udp-room-1', 'udp-room-2']) await engine.up(service);
  for (const service of ['udp-multi', 'sticky-lab', 'udp-room-1', 'udp-room-2']) await engine.healthy(service);
  log('healthy: tcp-echo, udp-multi, sticky-lab, nats and two replicas of a room');
}

/** What a program that was taken over could do: nothing. */
async function checkConfined(app) {
  const inside = (expression) => engine.exec(app, ['node', '--print', expression]);
  equal(`${app}: runs as`, (await inside('process.getuid() + ":" + process.getgid()')).stdout.trim(), '65532:65532');
  for (const path of ['/', '/app', '/run', ...(app === 'sticky-lab' ? [] : ['/tmp'])]) {
    const written = await inside(`try { fs.writeFileSync('${path}/written', ''); 'written' } catch (error) { error.code }`);
    equal(`${app}: writing to ${path}`, written.stdout.trim(), 'EROFS');
  }
  const status = (await inside("fs.readFileSync('/proc/1/status', 'utf8')")).stdout;
  for (const [field, wanted] of [
    ['CapEff', /^0+$/],
    ['CapBnd', /^0+$/],
    ['NoNewPrivs', /^1$/],
  ]) {
    const value = new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
    equal(`${app}: ${field} ${value}`, wanted.test(value), true);
  }
}

/** Every service, asked from a container that is not its own, by its name. */
async function checkConversations() {
  for (const [app, text] of [
    ['tcp-echo', 'hello over TCP'],
    ['udp-multi', 'hello over UDP'],
  ]) {
    const called = await engine.run(app, { as: 'client', command: ['call', `${app}:9000`, '--message', text] });
    equal(`${app}, across containers`, `${called.stdout.trim()}, exit ${called.code}`, `${text}, exit 0`, called);
  }
  equal('TCP, from this machine', await echoHere('hello from here'), 'hello from here');
  const page = await inNode(
    `const headers = { authorization: 'Bearer ${TOKEN}' };` +
      "const { experiments } = await (await fetch('http://sticky-lab:8080/api/experiments', { headers })).json();" +
      " console.log(experiments.filter(({ outcome }) => outcome === 'expected').length, experiments.length);",
  );
  const [expected, all] = page.stdout.trim().split(' ');
  equal('sticky-lab: experiments as expected', Number(all) > 0 && expected === all, true, page);
  const bare = await inNode("console.log((await fetch('http://sticky-lab:8080/')).status);");
  equal('sticky-lab: without the token', bare.stdout.trim(), '401');
  const whole = await fetch(`http://${PUBLISHED}:8080/?token=${TOKEN}`, { redirect: 'manual' });
  const cookie = whole.headers.get('set-cookie') ?? '';
  const opened = await fetch(`http://${PUBLISHED}:8080/`, { headers: { cookie } });
  equal('sticky-lab: the page, from this machine', (await opened.text()).includes('assets/index-'), true);
  const room = await inNode(script('room'), ['udp-room-1', 'udp-room-2']);
  equal('a member of one replica hears one of the other', room.code, 0, room);
  log(room.stdout.trim());
}

async function echoHere(text) {
  const socket = connect({ host: PUBLISHED, port: 9000 });
  await once(socket, 'connect');
  socket.end(text);
  return (await socket.toArray()).join('');
}

async function checkProbe() {
  const probed = await engine.run('probe');
  equal('the probe, across containers', probed.code, 0, probed);
  log(probed.stdout.trim());
}

/** SIGTERM while there is work: all that is under way is finished, exit 0. */
async function checkStops() {
  const tcp = ['call', 'tcp-echo:9000', '--connections', '16', '--duration', '60s'];
  await stopUnderLoad('tcp-echo', 'socklab_tcp_echo_messages_received_total', (as) => engine.run('tcp-echo', { as, command: tcp }));
  await stopUnderLoad('udp-multi', 'socklab_udp_multi_datagrams_received_total', busy('udp', 'udp-multi', '9000'));
  await stopUnderLoad('sticky-lab', 'socklab_sticky_lab_http_requests_total', busy('http', 'sticky-lab', '8080', TOKEN));
  for (const room of ['udp-room-1', 'udp-room-2']) await stop(room);
}

function busy(kind, host, port, token = '') {
  return (as) => inNode(script('load'), [kind, host, port, token], as);
}

async function stopUnderLoad(app, metric, load) {
  const loading = load(`${app}-load`);
  const [before, deadline] = [await counted(app, metric), Date.now() + BUSY_WITHIN_MS];
  let now = before;
  while (now < before + BUSY_COUNT) {
    if (Date.now() > deadline) fail(`${app}: ${metric} went from ${before} to ${now} in ${BUSY_WITHIN_MS} ms, expected ${BUSY_COUNT} more`);
    now = await counted(app, metric);
  }
  log(`${app}: under load, ${metric} ${now}`);
  await stop(app);
  await engine.attempt(['rm', '--force', '--time', '0', engine.container(`${app}-load`)]);
  await loading;
}

async function stop(service) {
  const began = Date.now();
  await engine.call(['stop', '--time', String(NOT_DRAINED_MS / 1000), engine.container(service)]);
  const { stdout } = await engine.call(['inspect', '--format', '{{.State.ExitCode}}', engine.container(service)]);
  const logs = await engine.logs(service);
  equal(`${service}: exit code after SIGTERM`, stdout.trim(), '0', { stdout: logs });
  const drained = logs.split('\n').find((line) => line.includes('"msg":"drained"')) ?? '';
  equal(`${service}: drained, nothing cut`, /"cut":false/.test(drained), true, { stdout: logs });
  log(`${service}: drained and gone ${Date.now() - began} ms after SIGTERM`);
}

/** The sum of a metric over its labels, as its container's own loopback tells it. */
async function counted(app, metric) {
  const { stdout } = await engine.exec(app, [
    'node',
    '--input-type=module',
    '--eval',
    "process.stdout.write(await (await fetch('http://127.0.0.1:9090/metrics')).text())",
  ]);
  return [...stdout.matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);
}

function inNode(code, words = [], as = 'client') {
  return engine.run('tcp-echo', { as, entrypoint: 'node', command: ['--input-type=module', '--eval', code, '--', ...words] });
}

function script(name) {
  return readFileSync(new URL(`containers-${name}.mjs`, import.meta.url), 'utf8');
}

function equal(what, seen, wanted, { stdout = '', stderr = '' } = {}) {
  if (seen !== wanted) fail(`${what}: ${seen}, expected ${wanted}\n${stdout}${stderr}`);
  log(`${what}: ${seen === '' ? 'none' : seen}`);
}

function fail(message) {
  process.stderr.write(`containers failed: ${message}\n`);
  process.exit(1);
}

function log(text) {
  process.stdout.write(`containers: ${text}\n`);
}
