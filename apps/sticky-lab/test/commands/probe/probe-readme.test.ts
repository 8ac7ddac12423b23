import { readdirSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { machine } from '@socklab/lab/testing';
import {
  ALLOWABLE_FAILURES,
  BUGS,
  DATAGRAM_FAILURES,
  DATAGRAM_PLANS,
  exitCodeOf,
  FAILURE_KINDS,
  MASKS,
  parseConversation,
  PLANS,
  PROTOCOLS,
  TORTURE_PLANS,
} from '@socklab/probe';
import { readmeTable, tableFaults } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createStickyLabProgram } from '../../../src/cli.ts';
import { CONVERSATIONS } from './probe-conversations.ts';
import { PEERS } from './probe-peers.ts';
import { CAMPAIGN_MS, galleryServer, isLinux, pasted } from './probe-run.ts';
import type { Outcome } from '@socklab/probe';

const README = 'apps/sticky-lab/README.md';
const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const nowhere = new PassThrough();
const program = createStickyLabProgram({
  experiments: [],
  stdout: nowhere,
  machine,
  streams: { stdin: nowhere, stdout: nowhere, stderr: nowhere },
  exitWith: () => undefined,
});

type OptionRow = Readonly<Record<'option' | 'default', string>>;

/** The options of a command, as the README lists them. */
function optionsOf(name: string): readonly OptionRow[] {
  const command = program.commands.find((each) => each.name() === name);
  return (command?.options ?? []).map(({ long, mandatory, defaultValue, defaultValueDescription }) => ({
    option: long!,
    default: defaultValueDescription ?? (defaultValue === undefined ? (mandatory ? 'required' : '') : String(defaultValue)),
  }));
}

function documented(command: string): readonly OptionRow[] {
  return readmeTable(README, `Options of ${command}`).map(({ option = '', default: value = '' }) => ({ option, default: value }));
}

function namesOf(rows: readonly OptionRow[]): readonly string[] {
  return rows.map(({ option }) => option);
}

test('the table of options of probe is the command', () => {
  expect(tableFaults(README, 'Options of probe', optionsOf('probe'))).toEqual([]);
});

test('the protocols with a conversation are named in the table, in order, and each is tried against a server that is in use', () => {
  const row = readmeTable(README, 'Options of probe').find(({ option }) => option === '--protocol')!;
  const names = PROTOCOLS.map(({ name }) => name);
  const where = `write the protocols into the row --protocol of "Options of probe" of ${README}, and of its Chinese twin`;
  expect(Object.values(row).join(' '), where).toContain(`: ${names.join(', ')}`);
  // The others are tried in the package of the probe: two against servers in Node.js, the rest against recorded answers.
  const recorded = new URL('../../../../../packages/probe/test/exchange/recorded-answers.json', import.meta.url);
  const elsewhere = ['websocket', 'http2', ...Object.keys(JSON.parse(readFileSync(recorded, 'utf8')))];
  const tried = new Set([...elsewhere, ...PEERS.map(({ protocol }) => protocol)]);
  expect(
    names.filter((name) => !tried.has(name)),
    'write a server that speaks each of these into probe-peers.ts, or its recorded answers into recorded-answers.json of the probe',
  ).toEqual([]);
});

test('campaign has the options of its table, and init those of probe with its own', () => {
  expect(tableFaults(README, 'Options of campaign', optionsOf('campaign'))).toEqual([]);
  const elsewhere = new Set(['--shard', '--resume', '--json', '--junit', '--html']);
  const shared = optionsOf('probe').filter(({ option }) => !elsewhere.has(option));
  expect(optionsOf('init')).toEqual([...documented('init'), ...shared]);
});

test('probe-client has the options of its table, and those of probe from --framing on', () => {
  const [own, probe] = [optionsOf('probe-client'), optionsOf('probe')];
  const shared = probe.slice(namesOf(probe).indexOf('--framing'));
  expect(namesOf(own)).toEqual(['--recording', '--run', ...namesOf(shared)]);
  const table = documented('probe-client');
  expect(own.filter(({ option }) => namesOf(table).includes(option))).toEqual(table);
  const elsewhere = (rows: readonly OptionRow[]): readonly OptionRow[] => rows.filter(({ option }) => !namesOf(table).includes(option));
  expect(elsewhere(own)).toEqual(elsewhere(shared));
});

test('record has the options of its table, and those of probe for a target', () => {
  const [own, probe] = [optionsOf('record'), optionsOf('probe')];
  const shared = probe.slice(0, namesOf(probe).indexOf('--i-own-the-target') + 1);
  expect(own).toEqual([...documented('record'), ...shared]);
});

test('the tables of probe-udp are the command, its plans and its failures', () => {
  expect(tableFaults(README, 'Options of probe-udp', optionsOf('probe-udp'))).toEqual([]);
  const plans = DATAGRAM_PLANS.map(({ name, usage = name, summary }) => ({ plan: usage, 'what it does': summary }));
  expect(tableFaults(README, 'Plans of probe-udp', plans)).toEqual([]);
  expect(readmeTable(README, 'Datagrams').map(({ kind, '--allow': allowed }) => [kind, allowed])).toEqual(
    DATAGRAM_FAILURES.map((failure) => [failure, ALLOWABLE_FAILURES.some((each) => each === failure) ? 'yes' : '']),
  );
});

test('the tables of torture are the command, and its kinds of tests', () => {
  expect(tableFaults(README, 'Options of torture', optionsOf('torture'))).toEqual([]);
  const rows = TORTURE_PLANS.map(({ name, summary }) => ({ tests: name, 'what is tried': summary }));
  expect(tableFaults(README, 'Tests of torture', rows)).toEqual([]);
});

test('merge has the options of probe for reports, and no other', () => {
  expect(optionsOf('merge')).toEqual(optionsOf('probe').filter(({ option }) => ['--json', '--junit', '--html'].includes(option)));
});

test('the table of plans is the list', () => {
  const rows = PLANS.map(({ usage, needsFrames, summary }) => ({
    plan: usage,
    framing: needsFrames ? 'needed' : '',
    'what it does': summary,
  }));
  expect(tableFaults(README, 'Plans', rows)).toEqual([]);
});

test('the table of likely bugs is the list', () => {
  const rows = Object.entries(BUGS).map(([bug, what]) => ({ bug, 'what it is': what }));
  expect(tableFaults(README, 'Likely bugs', rows)).toEqual([]);
});

test('the table of masks is the list', () => {
  const rows = MASKS.map(({ name, summary }) => ({ mask: name, 'what it matches': summary }));
  expect(tableFaults(README, 'Masks', rows)).toEqual([]);
});

test('the tables of verdicts and failures have every one, with its exit code', () => {
  const outcomes: readonly Outcome[] = ['pass', 'fail', 'unconfirmed', 'control-failed', 'flaky'];
  const verdicts = readmeTable(README, 'Verdicts').map(({ verdict = '', exit }) => [verdict.toLowerCase(), Number(exit)]);
  expect(verdicts).toEqual(outcomes.map((outcome) => [outcome, exitCodeOf(outcome)]));
  expect(readmeTable(README, 'Failures').map(({ kind }) => kind)).toEqual(FAILURE_KINDS);
});

test('the table of conversations is the folder of examples, each with what the tests give with it', () => {
  const rows = readmeTable(README, 'Conversations');
  const files = readdirSync(new URL('../../../examples/', import.meta.url));
  expect(new Set(rows.map(({ file }) => file))).toEqual(new Set(files));
  const given = Object.values(CONVERSATIONS).map(({ file, args }) => ({
    file,
    args: args.map((arg) => (arg.startsWith('--') ? arg : `'${arg}'`)).join(' '),
  }));
  expect(rows.map(({ file, 'give with it': args }) => ({ file, args }))).toEqual(given);
});

test('the conversation that is shown is one', () => {
  const [json = ''] = /(?<=^```json\n)[^`]*log in and ask[^`]*(?=^```)/m.exec(readme) ?? [];
  expect(parseConversation(json)).toMatchObject({ name: 'log in and ask', framing: 'line' });
});

test.runIf(isLinux)('what probe prints is what the README shows', { timeout: CAMPAIGN_MS }, async () => {
  const [, command = '', output = ''] =
    /^(sticky-lab probe --target 127\.0\.0\.1:7000 [^\n]*)\n```\n\n```text\n(.*?)^```/ms.exec(readme) ?? [];
  await using server = await galleryServer('crlf-per-chunk');
  await using printed = pasted(command.replace('127.0.0.1:7000', server.target));
  const { stdout, code } = await printed.exit();
  expect(anywhere(stdout.replaceAll(server.target, '127.0.0.1:7000'))).toBe(anywhere(output));
  expect(code).toBe(1);
});

/** The output without what differs between runs. */
function anywhere(output: string): string {
  return output.replaceAll(/\d+\.\d+ (?=ms|s\b)/g, 'some ').replaceAll(/in \d+ runs/g, 'in some runs');
}
