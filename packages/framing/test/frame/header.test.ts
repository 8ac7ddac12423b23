import { expect, test } from 'vitest';
import { headerFault, measureHeader, missingHeaderBytes, readFields, readLength, unsafeField } from '../../src/frame/header.ts';
import { compileLayout } from '../../src/frame/layout.ts';
import { constant, u16be, u64be, u8, varint } from '../../src/index.ts';
import { fromHex } from '../support/bytes.ts';

const layout = compileLayout({ header: { magic: constant(0xca, 0xfe), kind: u8, length: varint(), version: constant(1), id: u64be } });
const wire = fromHex('ee ca fe 07 ac 02 01 00 00 00 00 00 00 00 09 ee');
const START = 1;
const END = 15;

test('measures a header that stands anywhere, and says how many bytes are missing at least', () => {
  for (let end = START; end < END; end++) {
    expect(measureHeader(layout, wire, START, end)).toBe(0);
    const held = wire.subarray(START, end);
    const missing = missingHeaderBytes(layout, held, held.length);
    expect(missing).toBeGreaterThan(0);
    expect(missing).toBeLessThanOrEqual(END - end);
  }
  expect([measureHeader(layout, wire, START, END), measureHeader(layout, wire, START, END + 1)]).toEqual([14, 14]);
  expect(readLength(layout, wire, START, 14)).toBe(300);
  expect(readFields(layout, wire, START, 14)).toEqual({ kind: 7, id: 9 });
});

test.each([
  ['cb', 1, 'byte 0 of magic is 0xcb, expected 0xca'],
  ['ca ff', 2, 'byte 1 of magic is 0xff, expected 0xfe'],
  ['ca fe 07 80 00', 5, 'varint ends in a byte of 0, so it is longer than its number needs'],
  ['ca fe 07 01 02', 5, 'byte 0 of version is 0x02, expected 0x01'],
])('%s is refused at byte %i, and whatever follows', (hex, at, message) => {
  for (const more of ['', ' 00', ' cb 00 80 ff ff ff ff ff ff ff ff']) {
    const header = fromHex(hex + more);
    for (let end = 0; end < at; end++) expect(measureHeader(layout, header, 0, end)).toBe(0);
    expect(measureHeader(layout, header, 0, header.length)).toBe(-1);
    expect(headerFault(layout, header, 0, header.length).message).toBe(message);
  }
});

test('a field beyond 2^53 is named', () => {
  expect(unsafeField(layout, wire, START, 14)).toBeUndefined();
  expect(unsafeField(layout, fromHex('ca fe 07 01 01 00 20 00 00 00 00 00 00'), 0, 13)).toBe('id');
});

test('a header of fixed width without constants needs no look at its bytes', () => {
  expect(compileLayout({ header: { kind: u8, length: u16be } }).plainHeaderBytes).toBe(3);
  expect(compileLayout({ header: { kind: constant(1), length: u16be } }).plainHeaderBytes).toBe(0);
});
