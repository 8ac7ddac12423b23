import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAMINGS } from '../src/index.ts';
import { arbitraryBytes, damagedFrames, identity, slab } from '../test/support/codec-properties.ts';

/** How long each property of each codec is tried, in seconds. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 5);

const properties = { identity, slab, arbitraryBytes, damagedFrames };
const cases = FRAMINGS.flatMap((entry) => Object.keys(properties).map((property) => ({ name: entry.name, property, entry })));

test.each(cases)('$name: $property', ({ entry, property }) => {
  const details = fc.check(properties[property as keyof typeof properties](entry), {
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: SECONDS * 1000,
    seed: Date.now(),
  });
  // Reports the seed and the smallest counterexample, with which a test can repeat it, also when there was no time to shrink it: a
  // run that was merely ended by its time limit has none.
  expect(details.counterexample === null ? '' : fc.defaultReportMessage(details)).toBe('');
  expect(details.numRuns).toBeGreaterThan(0);
});
