import { expect, test } from 'vitest';
import * as codecs from '../../../src/codecs/plain/plain-codecs.ts';
import { isPlain, PLAIN_KINDS, plainKind } from '../../../src/codecs/plain/plain-kinds.ts';
import { codecByName, framingOf, layoutOf } from '../../../src/index.ts';

test.each(Object.entries(codecs))('%s is a kind of layout, and a framing by its name', (name, create) => {
  expect(isPlain(name)).toBe(true);
  expect(layoutOf(create({ maxPayloadBytes: 9 }))).toEqual({ kind: name, maxPayloadBytes: 9 });
  const { summary, isCanonical } = PLAIN_KINDS[name as keyof typeof codecs];
  expect(framingOf(name)).toMatchObject({ name, summary, isCanonical, layout: { kind: name, name, summary } });
  expect(codecByName(name).name).toBe(name);
});

test('a kind that has something to choose is not plain', () => {
  expect(['line', 'frame', 'constructor'].filter(isPlain)).toEqual([]);
});

test('a codec that does not say its format, or under another name, is refused', () => {
  const missing = 'it must return plainFormat(codec, { summary, isCanonical })';
  expect(() => plainKind('mine', () => codecByName('u32be'))).toThrow(`mine is in plain-codecs.ts: ${missing}`);
  expect(() => plainKind('slop', codecs.slip)).toThrow('of a codec with the name slop');
});
