import { expect } from 'vitest';
import { drip } from '../../../src/testing.ts';
import { translatedLayouts } from '../cases.ts';
import { interpreted } from '../interpreter.ts';
import type { Layout } from '../../../src/index.ts';

/** Holds the programs of some layouts to what their codecs find, in whole streams and byte by byte. */
export function expectPrograms(isOne: (layout: Layout) => boolean, atLeast: number): void {
  const layouts = translatedLayouts(isOne);
  expect(layouts.length).toBeGreaterThanOrEqual(atLeast);
  for (const { layout, cases } of layouts) {
    for (const { wire, maxPayloadBytes, payloads, outcome } of cases) {
      const expected = [...payloads.map((hex) => hex || '-'), outcome].join(' ');
      for (const chunks of [[wire], drip(wire)]) {
        expect([layout.name, Buffer.from(wire).toString('hex'), interpreted(layout, chunks, maxPayloadBytes)]).toEqual([
          layout.name,
          Buffer.from(wire).toString('hex'),
          expected,
        ]);
      }
    }
  }
}
