import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { answersOf, apps, millisecondsOf, portOf, prefixOf, variablesOf } from './deploy/program-options.ts';
import type { App } from '@socklab/testkit';

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly args: { readonly APP: App } };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly networks: readonly string[];
  readonly mem_limit: string;
  readonly cpus: number;
  readonly pids_limit: number;
  readonly pid?: string;
  readonly ulimits?: { readonly nofile: { readonly soft: number } };
}

const read = (name: string): ComposeFile => parse(readFileSync(join(repoRoot, name), 'utf8'), { merge: true }) as ComposeFile;
const [base, extras, monitoring] = ['compose.yaml', 'compose.extras.yaml', 'compose.monitoring.yaml'].map(read) as [
  ComposeFile,
  ComposeFile,
  ComposeFile,
];
const file = { services: { ...base.services, ...extras.services, ...monitoring.services }, networks: base.networks };
const services = Object.entries(file.services);
/** What is built here and serves. */
const running = services.filter(([, { build, command }]) => build !== undefined && command === undefined);
/** What a service is when its options say nothing else. */
const DRAIN_TIMEOUT_MS = 10_000;

test('compose.yaml brings up each app once; extras a room of two replicas and its broker, and on demand the probe', () => {
  expect(Object.keys(base.services).toSorted()).toEqual(apps.toSorted());
  expect(Object.keys(extras.services).toSorted()).toEqual(['nats', 'probe', 'udp-room-1', 'udp-room-2']);
  // An implementation that ignores profiles starts everything in a file.
  for (const [name, { profiles = [] }] of services) expect(profiles).toEqual(name === 'probe' ? ['probe'] : []);
});

test('no admin port is published, and what asks nobody who he is only to this machine', () => {
  for (const [name, { ports = [] }] of services) for (const port of ports) expect(port, name).not.toMatch(/:9000:9090|9090:9090/);
  for (const { ports = [] } of Object.values(monitoring.services)) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test.each(services)('%s is confined and limited, on the one network', (_, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    networks: Object.keys(file.networks),
    mem_limit: expect.any(String),
    cpus: expect.any(Number),
    pids_limit: expect.any(Number),
  });
});

test.each(services)('%s waits for services that have a health check', (_, { depends_on = {} }) => {
  for (const [name, { condition }] of Object.entries(depends_on)) {
    expect(condition).toBe('service_healthy');
    expect(file.services[name]?.healthcheck).toBeDefined();
  }
});

describe.each(running)('%s', (_, service) => {
  const app = service.build!.args.APP;
  const environment = service.environment ?? {};

  test('sets variables that the program takes, and starts with them', async () => {
    const taken = await variablesOf(app);
    expect(Object.keys(environment).filter((name) => !taken.has(name))).toEqual([]);
    expect(await answersOf(app, environment, ['/readyz'])).toEqual([200]);
  });

  test('publishes the port that the program listens on, to this machine unless told otherwise', () => {
    const listen = environment[app === 'sticky-lab' ? 'STICKY_LAB_HTTP' : `${prefixOf(app)}LISTEN`];
    const protocol = app === 'udp-multi' ? 'udp' : 'tcp';
    const [published, ...more] = service.ports ?? [];
    expect(published).toMatch(/^\$\{SOCKLAB_PUBLISH:-127\.0\.0\.1\}:\d+:\d+\/(tcp|udp)$/);
    expect(published?.endsWith(`:${portOf(listen)}/${protocol}`)).toBe(true);
    expect(more).toEqual([]);
  });

  test('is checked by the program of its image, and stopped no sooner than it may drain', () => {
    expect(service.image).toBe(`socklab/${app}`);
    expect(service.healthcheck?.test).toEqual(['CMD', 'node', '/app/dist/healthcheck.js']);
    expect(millisecondsOf(service.stop_grace_period ?? '')).toBeGreaterThan(DRAIN_TIMEOUT_MS);
    expect(environment).not.toHaveProperty(`${prefixOf(app)}DRAIN_TIMEOUT`);
  });
});

test('published ports do not meet', () => {
  const published = services.flatMap(([, { ports = [] }]) => ports.map((port) => port.replace(/^.*:(\d+):\d+\/(\w+)$/, '$1/$2')));
  expect(published.toSorted()).toEqual([...new Set(published)].toSorted());
});

test('the replicas of the room meet at the broker, on the port that it listens on', () => {
  const broker = file.services['nats']?.command ?? [];
  for (const name of ['udp-room-1', 'udp-room-2']) {
    const { hostname, port } = new URL(file.services[name]?.environment?.['UDP_MULTI_BUS'] ?? '');
    expect(hostname).toBe('nats');
    expect(port).toBe(broker[broker.indexOf('--port') + 1]);
  }
});

test('the probe takes its options, and goes for the port of tcp-echo', async () => {
  const [command, ...words] = file.services['probe']?.command ?? [];
  const taken = await variablesOf('sticky-lab', [command ?? '']);
  const flags = words.filter((word) => word.startsWith('--'));
  expect(flags.filter((flag) => !taken.has(`STICKY_LAB_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`))).toEqual([]);
  const target = words[words.indexOf('--target') + 1];
  expect(target).toBe(`tcp-echo:${portOf(file.services['tcp-echo']?.environment?.['TCP_ECHO_LISTEN'])}`);
});
