import { expect, test } from 'vitest';
import { FRAMINGS } from '../../src/index.ts';
import { BUILT_IN_LAYOUTS } from '../../src/protocols/built-in-layouts.ts';

test('every layout has a name and a summary, and is a framing of that name', () => {
  expect(FRAMINGS.map(({ name, summary, layout }) => ({ name, summary, layout }))).toEqual(
    BUILT_IN_LAYOUTS.map((layout) => ({ name: layout.name, summary: layout.summary, layout })),
  );
});
