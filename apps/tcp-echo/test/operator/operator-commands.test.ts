import { expect, test } from 'vitest';
import { OPERATOR_COMMANDS, parseOperatorLine } from '../../src/operator/commands.ts';
import { createOperatorConversations } from '../../src/operator/conversations.ts';
import { runOperatorCommand } from '../../src/operator/run-command.ts';
import { unlessLeft } from '../../src/operator/unless-left.ts';
import { formatAge, whoTable } from '../../src/operator/who-table.ts';
import type { OperatorEffects } from '../../src/operator/run-command.ts';
import type { ListedConnection } from '../../src/operator/who-table.ts';

test.each([
  ['/who', { kind: 'who' }],
  ['/next', { kind: 'next' }],
  ['/quit', { kind: 'quit' }],
  ['/help', { kind: 'help' }],
  ['/to 12 two words', { kind: 'to', id: 12, text: 'two words' }],
  ['/to 12  indented /who', { kind: 'to', id: 12, text: ' indented /who' }],
  ['/all 你好', { kind: 'all', text: '你好' }],
  ['/kick 3', { kind: 'kick', id: 3 }],
  ['hello', { kind: 'text', text: 'hello' }],
  ['//who', { kind: 'text', text: '/who' }],
  [' /who', { kind: 'text', text: ' /who' }],
  ['', { kind: 'text', text: '' }],
])('%j means %j', (line, meaning) => {
  expect(parseOperatorLine(line)).toEqual(meaning);
});

test.each([
  ['/', 'unknown command /; commands: /who /to /all /kick /next /quit /help; begin a text with two slashes'],
  ['/WHO', 'unknown command /WHO; commands: /who /to /all /kick /next /quit /help; begin a text with two slashes'],
  ['/to', '/to: ID is missing; usage: /to ID TEXT'],
  ['/to 3', '/to: TEXT is missing; usage: /to ID TEXT'],
  ['/to x hello', 'x is not an ID: /who lists them'],
  ['/kick 0', '0 is not an ID: /who lists them'],
  ['/kick 1e3', '1e3 is not an ID: /who lists them'],
  ['/kick 3 4', '/kick: 4 is not expected; usage: /kick ID'],
  ['/all ', '/all: TEXT is missing; usage: /all TEXT'],
  ['/kick \u001b[2J', String.raw`\x1b[2J is not an ID: /who lists them`],
])('%j is refused in one line', (line, error) => {
  expect(parseOperatorLine(line)).toEqual({ kind: 'error', error });
});

const connection = (id: number, state: ListedConnection['state']): ListedConnection => ({
  id,
  address: id === 1 ? '' : `127.0.0.1:5000${id % 10}`,
  state,
  ageMs: id * 61_000,
  bytesIn: id,
  bytesOut: 0,
  messagesIn: 1,
  messagesOut: 0,
});

test('/who shows each connection, and the places of those in line', () => {
  expect(whoTable([connection(1, 'serving'), connection(2, 'waiting'), connection(3, 'ending'), connection(4, 'waiting')])).toBe(
    [
      'id  address          state    place  age    bytes in  bytes out  messages in  messages out',
      '1   unix             serving         1m01s  1         0          1            0',
      '2   127.0.0.1:50002  waiting  1      2m02s  2         0          1            0',
      '3   127.0.0.1:50003  ending          3m03s  3         0          1            0',
      '4   127.0.0.1:50004  waiting  2      4m04s  4         0          1            0',
    ].join('\n'),
  );
});

test('/who shows 100 connections and counts the others, and says when there are none', () => {
  expect(whoTable([])).toBe('nobody is connected');
  const lines = whoTable(Array.from({ length: 150 }, (_, index) => connection(index + 1, 'waiting'))).split('\n');
  expect(lines).toHaveLength(102);
  expect(lines.at(-1)).toBe('… and 50 more');
});

test('an age is shown in its two largest units', () => {
  expect([0, 59_999, 60_000, 3_600_000, 86_399_999, 90_000_000].map(formatAge)).toEqual(['0s', '59s', '1m00s', '1h00m', '23h59m', '1d01h']);
});

/** Effects that only say what they were told. */
function recordedEffects(calls: string[]): OperatorEffects {
  return {
    list: () => [],
    tell: (id, text) => `tell ${id} ${text}`,
    tellAll: (text) => `tell all ${text}`,
    kick: (id) => `kick ${id}`,
    next: () => 'next',
    quit: () => void calls.push('quit'),
  };
}

test('each command has its effect, and the operator sees what came of it before a quit takes the console away', () => {
  const calls: string[] = [];
  for (const line of ['/who', '/to 1 x', '/all y', '/kick 2', '/next', '/quit']) {
    const command = parseOperatorLine(line);
    if (command.kind === 'text' || command.kind === 'error') throw new TypeError(`${line} is a command`);
    runOperatorCommand(command, recordedEffects(calls), (text) => calls.push(text));
  }
  expect(calls).toEqual(['nobody is connected', 'tell 1 x', 'tell all y', 'kick 2', 'next', 'ending', 'quit']);
});

test('/help has a line for each command', () => {
  const shown: string[] = [];
  runOperatorCommand({ kind: 'help' }, recordedEffects([]), (text) => shown.push(text));
  const lines = shown.join('\n').split('\n');
  expect(lines.map((line) => line.split('  ')[0])).toEqual(
    OPERATOR_COMMANDS.map(({ name, arguments: wanted }) => [`/${name}`, ...wanted].join(' ')),
  );
});

test('the present conversation is the one in which the operator is asked, or else the oldest that is not left', () => {
  const conversations = createOperatorConversations();
  const [first, second, third] = [conversations.begin(1), conversations.begin(2), conversations.begin(3)];
  second.isAsked = true;
  expect(conversations.leavePresent('operator-next')).toBe(2);
  expect(second.leaving.reason).toBe('operator-next');
  expect(conversations.leavePresent('operator-next')).toBe(1);
  first.end();
  conversations.leaveAll('operator-left');
  expect([first, second, third].map(({ leaving }) => leaving.reason)).toEqual(['operator-next', 'operator-next', 'operator-left']);
  expect(conversations.leavePresent('operator-next')).toBe(undefined);
});

test('a wait ends with its promise, or with the signal, whichever comes first', async () => {
  const leaving = new AbortController();
  expect(await unlessLeft(Promise.resolve('answer'), leaving.signal)).toEqual({ isLeft: false, value: 'answer' });
  await expect(unlessLeft(Promise.reject(new Error('reset')), leaving.signal)).rejects.toThrow('reset');
  const late = Promise.withResolvers<string>();
  const wait = unlessLeft(late.promise, leaving.signal);
  leaving.abort();
  expect(await wait).toEqual({ isLeft: true });
  late.reject(new Error('too late to be heard'));
  expect(await unlessLeft(new Promise(() => undefined), leaving.signal)).toEqual({ isLeft: true });
});
