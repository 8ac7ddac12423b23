import { expect, test } from 'vitest';
import { readProgram } from '../../../src/translate/programs/language.ts';

test('variables are found, but for those that are given and those of the state', () => {
  expect(
    readProgram({
      lines: ['at = start', 'seen = at', 'if at == 1 {', 'size = 2', 'left = size', 'last = left', '}'],
      state: ['left'],
      kept: ['last'],
    }),
  ).toMatchObject({
    state: ['left'],
    locals: ['at', 'size'],
  });
});

test('what is no statement or expression is an error of whoever wrote it', () => {
  expect(() => readProgram({ lines: ['nonsense'] })).toThrow('no statement: nonsense');
  expect(() => readProgram({ lines: ['x = 1 ? 2'] })).toThrow('no expression: 1 ? 2');
});
