import { startProgram } from '@socklab/testkit';
import type { App } from '@socklab/testkit';

/** The services, each with its own image and manifests. */
export const apps: readonly App[] = ['tcp-echo', 'udp-multi', 'sticky-lab'];

/** What the variables of an app begin with: `TCP_ECHO_`. */
export function prefixOf(app: App): string {
  return `${app.replaceAll('-', '_').toUpperCase()}_`;
}

const known = new Map<string, Promise<ReadonlySet<string>>>();

/** The variables that a program, or one of its commands, takes, as its own help tells. */
export function variablesOf(app: App, command: readonly string[] = commandThatServes(app)): Promise<ReadonlySet<string>> {
  const words = [app, ...command].join(' ');
  const asked = known.get(words) ?? askForVariables(app, command);
  known.set(words, asked);
  return asked;
}

async function askForVariables(app: App, command: readonly string[]): Promise<ReadonlySet<string>> {
  await using program = startProgram(app, [...command, '--help'], { env: { COLUMNS: '500' } });
  const { code, stdout } = await program.exit();
  const names = [...stdout.replaceAll(/\s+/g, ' ').matchAll(/env: ([A-Z][A-Z\d_]*)/g)].map((match) => match[1] ?? '');
  if (code !== 0 || names.length === 0) throw new Error(`the help of ${app} names no variables, exit code ${code}:\n${stdout}`);
  return new Set(names);
}

function commandThatServes(app: App): readonly string[] {
  return app === 'sticky-lab' ? ['serve'] : [];
}

/**
 * Starts an app with what a manifest gives it, on free ports of this machine, and asks for each of the paths.
 *
 * @returns the status of each answer, in the order of `paths`.
 */
export async function answersOf(
  app: App,
  environment: Readonly<Record<string, string>>,
  paths: readonly string[],
): Promise<readonly number[]> {
  const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, onFreePort(name, value)]));
  await using program = startProgram(app, [], { env });
  const { endpoint } = await program.log('admin listening');
  await program.log('listening');
  const admin = String(endpoint).replace('tcp://', 'http://');
  return await Promise.all(paths.map(async (path) => (await fetch(new URL(path, admin))).status));
}

function onFreePort(name: string, value: string): string {
  // Nobody is there, and nobody need be: a replica without its broker serves its own members.
  if (name.endsWith('_BUS')) return 'nats://127.0.0.1:1';
  // Whoever starts it gives it: the file has none.
  if (name.endsWith('_TOKEN')) return 'the-token-of-this-test';
  return value.replace('0.0.0.0', '127.0.0.1').replace(/:\d+$/, ':0');
}

/** Milliseconds of `500ms`, `5s` or `1m`. */
export function millisecondsOf(duration: string): number {
  const [, count, unit = ''] = /^(\d+)(ms|s|m)$/.exec(duration) ?? [];
  const factor = { ms: 1, s: 1000, m: 60_000 }[unit];
  if (count === undefined || factor === undefined) throw new RangeError(`${duration} is no duration`);
  return Number(count) * factor;
}

/** The port at the end of an address: 9000 of `tcp://0.0.0.0:9000`. */
export function portOf(address: string | undefined): number {
  return Number(/:(\d+)$/.exec(address ?? '')?.[1] ?? Number.NaN);
}
