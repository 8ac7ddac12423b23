// Runs `npm start` here, on free ports, asks all three services, and stops them as Ctrl-C does; on Windows, which has no such signal, by force.
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

const DEADLINE_MS = 300_000;

const isWindows = process.platform === 'win32';
const start = spawn('npm', ['start'], {
  shell: isWindows,
  // Its own group, so that the signal reaches npm and all below it as Ctrl-C in a terminal does.
  detached: !isWindows,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, TCP_ECHO_LISTEN: 'tcp://127.0.0.1:0', UDP_MULTI_LISTEN: 'udp://127.0.0.1:0', STICKY_LAB_HTTP: '127.0.0.1:0' },
});
const deadline = setTimeout(() => fail(`not done within ${DEADLINE_MS} ms`), DEADLINE_MS);
let output = '';
start.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  output += chunk;
  start.emit('output');
});
const exited = once(start, 'exit');

await until(() => output.includes('Ctrl-C ends all'));
const tcp = endpoint(/tcp-echo +tcp:\/\/([\d.]+):(\d+)/);
const udp = endpoint(/udp-multi +udp:\/\/([\d.]+):(\d+)/);
const http = endpoint(/sticky-lab +http:\/\/([\d.]+):(\d+)/);
expect('tcp-echo', await tcpEcho(tcp, 'hello tcp'), 'hello tcp');
expect('udp-multi', await udpEcho(udp, 'hello udp'), 'hello udp');
const { experiments } = await (await fetch(`http://${http.host}:${http.port}/api/experiments`)).json();
expect('sticky-lab, experiments as expected', experiments.filter(({ outcome }) => outcome === 'expected').length, experiments.length);
if (experiments.length === 0) fail('sticky-lab: no experiments');

signalGroup('SIGINT');
const [code] = await exited;
if (!isWindows) expect('npm start, exit code', code, 0);
expect('npm start, orphan processes', orphans().join(', '), '');
clearTimeout(deadline);
process.stdout.write('smoke: npm start answers on all three and stops cleanly\n');

/** Sends a signal to npm and all below it; those that have ended already do not mind. */
function signalGroup(signal) {
  try {
    if (isWindows) execFileSync('taskkill', ['/pid', String(start.pid), '/t', '/f']);
    else process.kill(-Number(start.pid), signal);
  } catch {
    process.stderr.write(`smoke: npm start has ended before ${signal}\n`);
  }
}

/** Processes that still run from this clone, where the system tells. */
function orphans() {
  if (!existsSync('/proc/self')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => commandOf(pid).includes(process.cwd()));
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function endpoint(pattern) {
  const match = pattern.exec(output);
  if (match === null) fail(`no line matches ${pattern}`);
  return { host: match[1], port: Number(match[2]) };
}

async function tcpEcho(target, text) {
  const socket = connect(target);
  socket.end(text);
  return (await socket.toArray()).join('');
}

async function udpEcho({ host, port }, text) {
  const socket = createSocket('udp4');
  socket.send(text, port, host);
  const [answer] = await once(socket, 'message');
  socket.close();
  return answer.toString();
}

async function until(condition) {
  while (!condition()) {
    const hasEnded = await Promise.race([once(start, 'output').then(() => false), exited.then(() => true)]);
    if (hasEnded) fail('npm start ended too early');
  }
}

function expect(what, seen, wanted) {
  if (seen !== wanted) fail(`${what}: ${seen}, expected ${wanted}`);
  process.stdout.write(`smoke: ${what}: ${seen === '' ? 'none' : seen}\n`);
}

function fail(message) {
  process.stderr.write(`smoke failed: ${message}\n`);
  signalGroup('SIGKILL');
  process.exit(1);
}
