import * as fc from 'fast-check';
import { test } from 'vitest';
import { FRAMINGS } from '../../src/index.ts';
import { arbitraryBytes, damagedFrames, identity, slab } from '../support/codec-properties.ts';

test.each(FRAMINGS)('$name: decoding undoes encoding, over any concatenation and any cut', (entry) => {
  fc.assert(identity(entry), { numRuns: 200 });
});

test.each(FRAMINGS)('$name: a slab holds what single frames hold', (entry) => {
  fc.assert(slab(entry), { numRuns: 100 });
});

test.each(FRAMINGS)('$name: arbitrary bytes throw nothing but FrameError and give no payload over the limit', (entry) => {
  fc.assert(arbitraryBytes(entry), { numRuns: 300 });
});

test.each(FRAMINGS)('$name: damaged frames throw nothing but FrameError and give no payload over the limit', (entry) => {
  fc.assert(damagedFrames(entry), { numRuns: 300 });
});
