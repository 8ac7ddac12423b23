import { expect, test } from 'vitest';
import { formatPace, parsePace, parseServerPace } from '../../src/delivery/pace.ts';

test.for([
  ['drain', { kind: 'drain' }],
  ['auto', { kind: 'auto' }],
  ['none', { kind: 'none' }],
  ['gap:5ms', { kind: 'gap', ms: 5 }],
  ['gap:0.5ms', { kind: 'gap', ms: 0.5 }],
  ['gap:2s', { kind: 'gap', ms: 2000 }],
] as const)('%s is a pace, and is written again as one that is equal', ([text, pace]) => {
  expect(parsePace(text)).toEqual(pace);
  expect(parsePace(formatPace(parsePace(text)))).toEqual(pace);
});

test.for(['', 'gap', 'gap:', 'gap:0ms', 'gap:-1ms', 'gap:5', 'gap:61s', 'Drain', 'drain:1'])('throws PROBE_ERR_DELIVERY for %j', (text) => {
  expect(() => parsePace(text)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_DELIVERY', message: expect.stringContaining(JSON.stringify(text)) }),
  );
});

test('only a campaign takes preload, and says so of itself', () => {
  expect(parseServerPace('preload')).toEqual({ kind: 'preload' });
  expect(parseServerPace('gap:5ms')).toEqual(parsePace('gap:5ms'));
  expect(formatPace(parseServerPace('preload'))).toBe('preload');
  expect(() => parsePace('preload')).toThrow('unknown pace "preload"; allowed: drain, auto, none and');
  expect(() => parseServerPace('preloaded')).toThrow('unknown pace "preloaded"; allowed: drain, auto, none, preload and gap:5ms');
});
