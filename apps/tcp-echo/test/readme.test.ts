import { PassThrough } from 'node:stream';
import { readmeTable, wordsInCode } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createTcpEchoProgram } from '../src/cli.ts';
import { CLOSE_REASONS } from '../src/closing.ts';
import { createTcpEchoMetrics } from '../src/metrics.ts';
import { SESSIONS } from '../src/sessions/index.ts';

const README = 'apps/tcp-echo/README.md';
const stream = new PassThrough();
const program = createTcpEchoProgram({ streams: { stdin: stream, stdout: stream, stderr: stream }, env: {}, pid: 0 });

type Described = { readonly options: typeof program.options };

const optionsOf = ({ options }: Described) =>
  options
    .filter(({ envVar }) => envVar !== undefined)
    .map(({ long, defaultValue, defaultValueDescription }) => ({
      option: long,
      default: defaultValueDescription ?? (defaultValue === undefined ? '' : String(defaultValue)),
    }));

const documented = (heading: string) => readmeTable(README, heading).map(({ option, default: value }) => ({ option, default: value }));

test('the table of options is the program', () => {
  expect(documented('Options')).toEqual(optionsOf(program));
});

test('the table of client options is the program', () => {
  expect(documented('The client')).toEqual(optionsOf(program.commands.find((command) => command.name() === 'connect')!));
});

test('each option has its environment variable', () => {
  for (const { long, envVar } of program.options.filter((each) => each.envVar !== undefined)) {
    expect(envVar).toBe(`TCP_ECHO_${long!.slice(2).replaceAll('-', '_').toUpperCase()}`);
  }
});

test('the table of sessions is the list of sessions', () => {
  const rows = readmeTable(README, 'Sessions').map(({ session, 'mode by default': mode }) => [session, mode]);
  expect(rows, `write each session into the table "Sessions" of ${README}, and into its Chinese twin`).toEqual(
    SESSIONS.map(({ name, defaultMode }) => [name, defaultMode]),
  );
});

test('the table of metrics is what is counted', async () => {
  const metrics = await createTcpEchoMetrics().service.registry.getMetricsAsJSON();
  const own = metrics.filter(({ name }) => name.startsWith('socklab_'));
  expect(readmeTable(README, 'Metrics').map(({ metric }) => metric)).toEqual(own.map(({ name }) => name));
});

test('the table of reasons is every way a connection can end', () => {
  expect(readmeTable(README, 'Reasons').map(({ reason }) => reason)).toEqual([...CLOSE_REASONS]);
});

test('the table of errors is every code that a client can end with', () => {
  const codes = readmeTable(README, 'Errors').map(({ error = '' }) => error);
  expect(codes.toSorted()).toEqual(wordsInCode(/CLIENT_ERR_\w+/g, 'apps/tcp-echo/src', 'packages/client/src/tcp'));
});
