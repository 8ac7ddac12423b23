import { expect, test } from 'vitest';
import { meaningsOfZero } from '../src/project/zero.ts';

const number = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new RangeError(text);
  return Number(text);
};
const positive = (text: string): number => {
  if (number(text) === 0) throw new RangeError(text);
  return number(text);
};
const option = (flags: string, description: string, parseArg?: (text: string) => unknown) => ({
  long: flags.split(' ')[0]!,
  flags,
  description,
  parseArg,
});

test('tells of each quantity whether 0 is taken, and what the help says it means', () => {
  const child = { name: () => 'child', options: [option('--wait <duration>', 'time; 0s: for ever (default: 5s)', number)], commands: [] };
  const program = {
    name: () => 'demo',
    options: [
      option('--max <n>', 'how many; 0: any number', number),
      option('--least <size>', 'how long', positive),
      option('--odd <count>', 'how many, from 0 on', number),
      option('--free <n>', 'no parser at all'),
      option('--seed <n>', 'a name', number),
      option('--name <text>', 'a text'),
      option('--once', 'a flag'),
    ],
    commands: [child],
  };
  expect(meaningsOfZero(program)).toEqual({
    'demo --max': 'any number',
    'demo --least': 'refused',
    'demo --odd': 'unsaid',
    'demo --free': 'unsaid',
    'child --wait': 'for ever',
  });
});
