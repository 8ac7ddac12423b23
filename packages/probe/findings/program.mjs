import { spawn } from 'node:child_process';
// Starts a server on a port with its configuration files, and waits until it takes connections.
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '@socklab/probe';

/** Rabbits start slowly. */
const START_MS = 60_000;
const LOOK_EVERY_MS = 50;
const STOP_MS = 3000;
const NOBODY = 65_534;

/** Not as root, unless a program refuses to be anybody else. */
const isRoot = process.getuid?.() === 0;

export async function startProgram({ files = {}, prepare = [], afterwards = [], needsRoot = false, env = {} }, { words, place, port }) {
  const spare = await freePort();
  const fill = (text) => text.replaceAll('{port}', String(port)).replaceAll('{spare}', String(spare)).replaceAll('{place}', place);
  chmodSync(place, 0o777);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(place, name), fill(text));
    if (isRoot && !needsRoot) chownSync(join(place, name), NOBODY, NOBODY);
  }
  const user = isRoot && !needsRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const options = { cwd: place, detached: true, env: { ...process.env, HOME: place, ...filledValues(env, fill) }, ...user };
  for (const command of prepare) await ended(start(command.map(fill), options), command[0]);
  const program = start(words.map(fill), options);
  const said = [];
  program.stdout.on('data', (chunk) => said.push(chunk));
  program.stderr.on('data', (chunk) => said.push(chunk));
  const stop = async () => {
    await stopped(program);
    for (const command of afterwards) await ended(start(command.map(fill), options), command[0]).catch(() => undefined);
  };
  const giveUpAt = performance.now() + START_MS;
  while (!(await isListening(port))) {
    if (program.exitCode !== null || performance.now() > giveUpAt) {
      await stop();
      throw new Error(`${words[0]} does not listen: ${Buffer.concat(said).toString().trim().split('\n').slice(-3).join(' / ')}`);
    }
    await wait(LOOK_EVERY_MS);
  }
  return { stop };
}

const filledValues = (env, fill) => Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));

const start = ([name, ...args], options) => spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });

function ended(child, name) {
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`${name} exited with ${code}: ${Buffer.concat(said).toString().trim().split('\n').at(-1)}`));
    });
  });
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.destroy());
    socket.on('error', () => resolve(false)).on('close', (hadError) => resolve(!hadError));
  });
}

/** The program and its children: it leads a group of its own. */
async function stopped(program) {
  const gone = program.exitCode !== null || program.signalCode !== null;
  const end = gone ? Promise.resolve() : new Promise((resolve) => program.once('exit', resolve));
  signalled(program.pid, 'SIGTERM');
  await Promise.race([end, wait(STOP_MS)]);
  signalled(program.pid, 'SIGKILL');
  await end;
}

function signalled(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
