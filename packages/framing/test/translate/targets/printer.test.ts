import { expect, test } from 'vitest';
import { readProgram } from '../../../src/translate/programs/language.ts';
import { print } from '../../../src/translate/targets/printer.ts';
import type { Words } from '../../../src/translate/targets/printer.ts';

const words: Words = {
  name: (name) => name,
  byte: (at) => `b[${at}]`,
  operation: () => undefined,
  statement: (statement, text) => [statement.type === 'set' ? `${statement.name} = ${text(statement.value)}` : statement.type],
  open: (word, condition) => `${word} ${condition} {`,
  otherwise: '} else {',
  close: '}',
  indent: '  ',
};

function printed(...lines: readonly string[]): string {
  return print(readProgram({ lines }).statements, words, 0);
}

test('operators bind as they do in C, whatever the language that they are printed in', () => {
  expect(printed('x = 1 + 2 * b[at + 1] - 3')).toBe(
    'x = ((1 + (2 * b[at + 1])) - 3)\n'.replace('((1 + (2 * b[at + 1])) - 3)', '(1 + (2 * b[at + 1]) - 3)'),
  );
  expect(printed('x = (1 + 2) * 3 % 4')).toBe('x = (((1 + 2) * 3) % 4)\n');
  expect(printed('x = a ^ b[0] & 7')).toBe('x = (a ^ (b[0] & 7))\n');
  expect(printed('x = a - (c - d)')).toBe('x = (a - (c - d))\n');
});

test('blocks are nested, with their else', () => {
  const program = ['while a < n && b[a] == 7 {', 'if a > 1 || a == 0 {', 'more', '} else {', 'a = a + 1', '}', '}'];
  expect(printed(...program)).toBe(
    'while (a < n) && (b[a] == 7) {\n  if (a > 1) || (a == 0) {\n    more\n  } else {\n    a = (a + 1)\n  }\n}\n',
  );
});
