import { PassThrough } from 'node:stream';
import { commandUsage, createMetrics } from '@socklab/service';
import { readmeTable, tableFaults, wordsInCode } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createUdpMultiProgram } from '../src/cli.ts';
import { DROP_REASONS } from '../src/gate/drop-reasons.ts';
import { createTraffic, registerMetrics } from '../src/metrics.ts';
import { OPERATOR_COMMANDS } from '../src/operator/operator-commands.ts';
import { TOPOLOGIES } from '../src/options/topology.ts';
import { freshCounts } from '../src/room/bus/bus.ts';
import { SESSIONS } from '../src/sessions/index.ts';
import type { Command } from '@socklab/service';

const README = 'apps/udp-multi/README.md';
const stream = new PassThrough();
const program = createUdpMultiProgram({ stdin: stream, stdout: stream, stderr: stream });

type Described = Pick<Command, 'options'>;

const settings = ({ options }: Described) => options.filter(({ envVar }) => envVar !== undefined);

const optionsOf = (command: Described) =>
  settings(command).map(({ long, defaultValue, defaultValueDescription }) => ({
    option: long!,
    default: defaultValueDescription ?? String(defaultValue ?? ''),
  }));

test('the table of options is the program', () => {
  expect(tableFaults(README, 'Options', optionsOf(program))).toEqual([]);
});

test('the tables of client options are the program', () => {
  const headings: Readonly<Record<string, string>> = { send: 'The client', call: 'Calls and loads', join: 'Members of a room' };
  expect(program.commands.map((command) => command.name())).toEqual(Object.keys(headings));
  expect(program.commands.flatMap((command) => tableFaults(README, headings[command.name()]!, optionsOf(command)))).toEqual([]);
});

test('each option has its environment variable', () => {
  for (const { long, envVar } of [program, ...program.commands].flatMap(settings)) {
    expect(envVar).toBe(`UDP_MULTI_${long!.slice(2).replaceAll('-', '_').toUpperCase()}`);
  }
});

test('the table of sessions is the list of sessions', () => {
  const rows = Object.keys(SESSIONS).map((session) => ({ session }));
  expect(tableFaults(README, 'Sessions', rows)).toEqual([]);
});

test('the table of topologies is the list of topologies', () => {
  const rows = TOPOLOGIES.map((topology) => ({ topology }));
  expect(tableFaults(README, 'Topologies', rows)).toEqual([]);
});

test('the table of commands is what the operator can say', () => {
  expect(readmeTable(README, 'Commands').map(({ command, '': help }) => [command, help])).toEqual(
    OPERATOR_COMMANDS.map((command) => [commandUsage(command), command.help]),
  );
});

test('the table of metrics is what is counted, with its labels', async () => {
  const metrics = createMetrics('udp-multi');
  registerMetrics(metrics, { traffic: createTraffic(), kernelDrops: () => 0, members: () => 0, bus: () => freshCounts(false) });
  const counted = (await metrics.registry.getMetricsAsJSON()).filter(({ name }) => name.startsWith('socklab_'));
  const registered = counted.map(({ name, values }) => ({ metric: name, labels: Object.keys(values[0]?.labels ?? {}).join(' ') }));
  const table = readmeTable(README, 'Metrics').map(({ metric, labels }) => ({ metric, labels: labels?.replaceAll('`', '') }));
  expect(table).toEqual(registered);
});

test('the table of reasons is every reason that labels a metric', () => {
  const rows = DROP_REASONS.map((reason) => ({ reason }));
  expect(tableFaults(README, 'Reasons', rows)).toEqual([]);
});

test('the tables of errors are every code that a client can end with', () => {
  const codes = ['Errors', 'Errors of call and join'].flatMap((heading) => readmeTable(README, heading).map(({ error = '' }) => error));
  expect(codes.toSorted()).toEqual(
    wordsInCode(/CLIENT_ERR_\w+/g, 'apps/udp-multi/src', 'packages/client/src/udp', 'packages/client/src/room'),
  );
});
