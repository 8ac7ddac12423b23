import { expect, test } from 'vitest';
import { Reader } from '../../src/layout/reader.ts';
import { textRulesOf } from '../../src/layout/text-rules.ts';

const read = (rules: unknown): Reader => new Reader({ rules }, 'layout', ['rules']);

test('rules are read as they are written', () => {
  const rules = [
    {
      when: {
        startsWith: ['A'],
        word: { at: -1, is: ['b'] },
        character: { at: 0, is: 'A' },
        header: { name: 'n', is: ['v'] },
        endsWith: 'x',
      },
      body: 'more',
    },
    { when: [{ header: { name: 'n' } }], body: { length: { header: 'n' }, trailer: '0d0a', thenMore: false } },
    { body: { until: '00' } },
    { body: { length: { braces: true } } },
    { body: { length: { word: 2 } } },
  ];
  expect(textRulesOf(read(rules))).toEqual(rules);
});

test.each([
  [[], 'layout.rules is [], allowed: a list of 1 to 64'],
  [[{}], 'layout.rules[0].body is missing, allowed: none, chunked, more, refuse'],
  [[{ body: 'all' }], 'layout.rules[0].body is "all", allowed: none'],
  [[{ body: { until: '0' } }], 'layout.rules[0].body.until is "0", allowed: 1 to 64 bytes in hex'],
  [[{ body: { length: { word: 'x' } } }], 'layout.rules[0].body.length.word is "x", allowed: a whole number'],
  [[{ body: { length: {} } }], 'layout.rules[0].body.length.braces is missing'],
  [[{ when: { starts: ['A'] }, body: 'none' }], 'layout.rules[0].when has "starts"; allowed: startsWith, word'],
  [[{ when: { startsWith: [5] }, body: 'none' }], 'layout.rules[0].when.startsWith[0].text is 5, allowed: a string'],
])('%j is refused', (rules, message) => {
  expect(() => textRulesOf(read(rules))).toThrow(message);
});
