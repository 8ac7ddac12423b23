import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { readmeTable, repoRoot, tableFaults, wordsInCode } from '@socklab/testkit';
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
      option: long!,
      default: defaultValueDescription ?? (defaultValue === undefined ? '' : String(defaultValue)),
    }));

test('the table of options is the program', () => {
  expect(tableFaults(README, 'Options', optionsOf(program))).toEqual([]);
});

test('the table of client options is the program', () => {
  const connect = program.commands.find((command) => command.name() === 'connect')!;
  expect(tableFaults(README, 'The client', optionsOf(connect))).toEqual([]);
});

test('each option has its environment variable', () => {
  for (const { long, envVar } of program.options.filter((each) => each.envVar !== undefined)) {
    expect(envVar).toBe(`TCP_ECHO_${long!.slice(2).replaceAll('-', '_').toUpperCase()}`);
  }
});

test('the table of sessions is the list of sessions', () => {
  const rows = SESSIONS.map(({ name, defaultMode }) => ({ session: name, 'mode by default': defaultMode }));
  expect(tableFaults(README, 'Sessions', rows)).toEqual([]);
});

test('the sentence below it names each session that takes no framing', () => {
  const [sentence = ''] = /^.* have no messages: .*$/m.exec(readFileSync(join(repoRoot, README), 'utf8')) ?? [];
  const named = Array.from(sentence.matchAll(/`([a-z]+)`/g), ([, name]) => name);
  const unframed = SESSIONS.filter(({ takesFraming }) => !takesFraming).map(({ name }) => name);
  expect(named, `write them into the sentence below "Sessions" of ${README} and of its Chinese twin`).toEqual(unframed);
});

test('the table of metrics is what is counted', async () => {
  const metrics = await createTcpEchoMetrics().service.registry.getMetricsAsJSON();
  const own = metrics.filter(({ name }) => name.startsWith('socklab_'));
  const rows = own.map(({ name }) => ({ metric: name }));
  expect(tableFaults(README, 'Metrics', rows)).toEqual([]);
});

test('the table of reasons is every way a connection can end', () => {
  const rows = CLOSE_REASONS.map((reason) => ({ reason }));
  expect(tableFaults(README, 'Reasons', rows)).toEqual([]);
});

test('the table of errors is every code that a client can end with', () => {
  const codes = readmeTable(README, 'Errors').map(({ error = '' }) => error);
  expect(codes.toSorted()).toEqual(wordsInCode(/CLIENT_ERR_\w+/g, 'apps/tcp-echo/src', 'packages/client/src/tcp'));
});
