import { wordsInCode } from '@socklab/testkit';
import { expect, test } from 'vitest';

test('finds each different match once, in the files of all folders below, sorted', () => {
  const words = wordsInCode(/export function (?:readmeTable|wordsInCode|keys|capture\w+)/g, 'packages/testkit/src');
  expect(words).toEqual(['export function captureLog', 'export function readmeTable', 'export function wordsInCode']);
});

test('refuses a pattern or a folder in which nothing is found', () => {
  expect(() => wordsInCode(/THERE_IS_NO_SUCH\w+/g, 'packages/testkit/src')).toThrow('nothing in packages/testkit/src matches');
  expect(() => wordsInCode(/./g, 'packages/missing')).toThrow('nothing in packages/missing matches /./g');
});
