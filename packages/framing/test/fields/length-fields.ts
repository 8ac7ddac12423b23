import { expect } from 'vitest';
import { fromHex, toHex } from '../support/bytes.ts';
import type { VariableLengthField } from '../../src/index.ts';

/** What `field` writes for `value`. */
export function written(field: VariableLengthField, value: number): string {
  const target = new Uint8Array(field.byteLengthOf(value));
  field.write(target, 0, value);
  return toHex(target);
}

/** What `field` reads in `hex`, and in none of its beginnings. */
export function readBack(field: VariableLengthField, hex: string): number {
  const wire = fromHex(`ee ${hex} ee`);
  const end = wire.length - 1;
  for (let at = 1; at < end; at++) expect(at === 1 ? 0 : field.measure(wire, 1, at)).toBe(0);
  expect([field.measure(wire, 1, end), field.measure(wire, 1, end + 1)]).toEqual([end - 1, end - 1]);
  return field.read(wire, 1, end - 1);
}
