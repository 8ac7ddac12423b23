import { checkDescriptors, checkRange, checkRate } from '@socklab/client';
import { openFilesLimit } from '@socklab/service';
import { expect, test } from 'vitest';

const refusal = (message: string | RegExp) =>
  expect.objectContaining({ code: 'SERVICE_ERR_USAGE', message: expect.stringMatching(message) });

test('a number is whole, and within its limits or at them', () => {
  for (const value of [1, 10]) expect(() => checkRange('depth', value, 1, 10)).not.toThrow();
  for (const value of [0, 11, 1.5, Number.NaN]) {
    expect(() => checkRange('depth', value, 1, 10)).toThrow(refusal(`depth: ${value}; allowed: whole numbers from 1 to 10`));
  }
});

test('a rate is more than nothing, and a million a second at most', () => {
  for (const rate of [0.1, 1_000_000]) expect(() => checkRate('messages', rate)).not.toThrow();
  for (const rate of [0, -1, 1_000_001, Number.NaN])
    expect(() => checkRate('messages', rate)).toThrow(refusal(`rate: ${rate} messages a second`));
});

test.runIf(openFilesLimit() !== undefined)('what cannot be open at the same time is refused before any of it is', () => {
  const limit = openFilesLimit()!;
  expect(() => checkDescriptors('sockets', 1)).not.toThrow();
  expect(() => checkDescriptors('sockets', limit)).toThrow(
    refusal(new RegExp(`may open ${limit} files, so at most ${limit - 32}; "ulimit -n"`)),
  );
});
