import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { experiments, resolveParameters } from '@socklab/lab';
import { machine } from '@socklab/lab/testing';
import { tableFaults, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createStickyLabProgram } from '../src/cli.ts';
import { createStickyLabMetrics } from '../src/metrics.ts';
import type { Command } from '@socklab/service';

const README = 'apps/sticky-lab/README.md';
const ABOUT_BOUNDARIES = [
  'two-sends-merge',
  'short-read-splits',
  'prefix-holds-a-length',
  'frames-survive',
  'naive-fix-breaks',
  'datagrams-keep-boundaries',
];
const nowhere = new PassThrough();
const streams = { stdin: nowhere, stdout: nowhere, stderr: nowhere };
const program = createStickyLabProgram({ experiments, stdout: nowhere, machine, streams, exitWith: () => undefined });

function commandNamed(name: string): Command {
  const command = program.commands.find((each) => each.name() === name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  return command;
}

test.each(['Demo', 'Serve', 'Exercise', 'Layout'])('the table of options under %s is the command', (heading) => {
  const options = commandNamed(heading.toLowerCase()).options.map(({ long, defaultValue, defaultValueDescription }) => ({
    option: long!,
    default: defaultValueDescription ?? String(defaultValue ?? ''),
  }));
  expect(tableFaults(README, heading, options)).toEqual([]);
});

test('there is no command but these, and each option has its environment variable', () => {
  expect(program.commands.map((command) => command.name())).toEqual([
    'demo',
    'serve',
    'probe',
    'probe-client',
    'probe-udp',
    'record',
    'merge',
    'plans',
    'campaign',
    'init',
    'torture',
    'proxy',
    'exercise',
    'layout',
  ]);
  for (const { long, envVar } of program.commands.flatMap(({ options }) => options)) {
    expect(envVar).toBe(`STICKY_LAB_${long!.slice(2).replaceAll('-', '_').toUpperCase()}`);
  }
});

test('the table of experiments is the list', () => {
  const rows = experiments.map((experiment) => ({
    lesson: String(experiment.lesson),
    experiment: experiment.id,
    question: experiment.question.en,
    answer: experiment.expected(resolveParameters(experiment, {})),
  }));
  expect(tableFaults(README, 'Experiments', rows)).toEqual([]);
});

test('the table of metrics is what is counted', async () => {
  const metrics = await createStickyLabMetrics().service.registry.getMetricsAsJSON();
  const own = metrics.map(({ name }) => name).filter((name) => name.startsWith('socklab_'));
  const rows = own.map((metric) => ({ metric }));
  expect(tableFaults(README, 'Metrics', rows)).toEqual([]);
});

test.each([
  ['what demo prints', 0, ['demo', ...ABOUT_BOUNDARIES]],
  ['what demo prints with a parameter', 1, ['demo', 'two-sends-merge', '--param', 'readBytes=5']],
])('%s is what the README shows', async (_, nth, args) => {
  await using running = startProgram('sticky-lab', args, { stdin: 'ignore' });
  const { stdout } = await running.exit();
  const shown =
    readFileSync(new URL('../README.md', import.meta.url), 'utf8').match(/(?<=^sticky-lab: what real sockets)[^`]*(?=```)/gm) ?? [];
  expect(anywhere(`sticky-lab: what real sockets${shown[nth]}`)).toBe(anywhere(stdout));
});

test.each([
  ['what demo prints', 0, ['demo', '--language', 'zh', ...ABOUT_BOUNDARIES]],
  ['what demo prints with a parameter', 1, ['demo', '--language', 'zh', 'two-sends-merge', '--param', 'readBytes=5']],
])('%s in Chinese is what the Chinese README shows', async (_, nth, args) => {
  await using running = startProgram('sticky-lab', args, { stdin: 'ignore' });
  const { stdout } = await running.exit();
  const readme = readFileSync(new URL('../README.zh-CN.md', import.meta.url), 'utf8');
  const shown = [...readme.matchAll(/^\$ (sticky-lab demo [^\n]*)\n(sticky-lab：[^`]*)```/gm)][nth]!;
  expect(shown[1]).toBe(`sticky-lab ${args.join(' ')}`);
  expect(anywhere(shown[2]!)).toBe(anywhere(stdout));
});

/** The output without what differs between machines and runs. */
function anywhere(output: string): string {
  return output
    .replace(/on Node.js .*/, 'on Node.js')
    .replace(/in \d+ ms/, 'in some ms')
    .replace(/Node\.js v[^\n]*/, 'Node.js')
    .replace(/用时 \d+ 毫秒/, '用时')
    .replaceAll(/首次读取 {2,}.*/g, '首次读取')
    .replaceAll(/first read {2,}began .*/g, 'first read began');
}
