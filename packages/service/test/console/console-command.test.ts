import { commandHelp, commandUsage, completeCommand, parseConsoleLine } from '@socklab/service';
import { expect, test } from 'vitest';
import type { ConsoleCommand } from '@socklab/service';

const COMMANDS: readonly ConsoleCommand<'who' | 'whisper' | 'block' | 'move'>[] = [
  { name: 'who', arguments: [], help: 'shows who is here' },
  { name: 'whisper', arguments: ['PEER', 'TEXT'], help: 'says something to one' },
  { name: 'block', arguments: ['PEER'], help: 'hears one no more' },
  { name: 'move', arguments: ['PEER', 'PLACE'], help: 'moves one' },
];
const parse = (line: string) => parseConsoleLine(line, COMMANDS);
const complete = (typed: string) => completeCommand(typed, COMMANDS, (argument) => (argument === 'PEER' ? ['#1', '#12', '#2'] : ['here']));

test.each([
  ['hello /who', 'hello /who'],
  ['', ''],
  ['//', '/'],
  ['///who', '//who'],
])('%j is a text', (line, text) => {
  expect(parse(line)).toEqual({ kind: 'text', text });
});

test.each([
  ['/who', 'who', [], ''],
  ['/who  ', 'who', [], ''],
  ['/block #1', 'block', ['#1'], ''],
  ['/block   #1 ', 'block', ['#1'], ''],
  ['/move #1\there', 'move', ['#1', 'here'], ''],
  ['/whisper #1 a  b ', 'whisper', ['#1'], 'a  b '],
  ['/whisper  #1  indented', 'whisper', ['#1'], ' indented'],
])('%j is a command', (line, name, words, rest) => {
  expect(parse(line)).toEqual({ kind: 'command', name, words, rest });
});

test.each([
  ['/', 'unknown command /; commands: /who /whisper /block /move; begin a text with two slashes'],
  ['/whoever', 'unknown command /whoever; commands: /who /whisper /block /move; begin a text with two slashes'],
  ['/who is', '/who: is is not expected; usage: /who'],
  ['/block', '/block: PEER is missing; usage: /block PEER'],
  ['/move #1', '/move: PLACE is missing; usage: /move PEER PLACE'],
  ['/move #1 here now please', '/move: now please is not expected; usage: /move PEER PLACE'],
  ['/whisper #1 ', '/whisper: TEXT is missing; usage: /whisper PEER TEXT'],
  ['/\u0007', String.raw`unknown command /\x07; commands: /who /whisper /block /move; begin a text with two slashes`],
])('%j is refused, with what is allowed', (line, error) => {
  expect(parse(line)).toEqual({ kind: 'error', error });
});

test('an error repeats 64 bytes of a line at most', () => {
  expect(parse(`/${'x'.repeat(5000)}`)).toEqual({
    kind: 'error',
    error: expect.stringMatching(/^unknown command \/x{63}… \(\+4937 bytes\); commands: /),
  });
});

test.each([
  ['hello', [], 'hello'],
  ['/', ['/who', '/whisper ', '/block ', '/move '], '/'],
  ['/wh', ['/who', '/whisper '], '/wh'],
  ['/nothing', [], '/nothing'],
  ['/block ', ['#1', '#12', '#2'], ''],
  ['/block #1', ['#1', '#12'], '#1'],
  ['/move #2', ['#2 '], '#2'],
  ['/move #2 ', ['here'], ''],
  ['/move #2 here ', [], ''],
  ['/whisper #1 wor', [], 'wor'],
  ['/nothing #', [], '#'],
])('Tab after %j offers %j', (typed, candidates, completed) => {
  expect(complete(typed)).toEqual([candidates, completed]);
});

test('help is a line for each command: what to enter, and what it does', () => {
  expect(commandHelp(COMMANDS)).toBe(
    [
      '/who                shows who is here',
      '/whisper PEER TEXT  says something to one',
      '/block PEER         hears one no more',
      '/move PEER PLACE    moves one',
    ].join('\n'),
  );
  expect(COMMANDS.map(commandUsage)).toEqual(['/who', '/whisper PEER TEXT', '/block PEER', '/move PEER PLACE']);
});
