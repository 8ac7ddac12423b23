import { expect, test } from 'vitest';
import { readFraming } from '../../src/node.ts';

test.each([
  [[], 'layout.preamble is [], allowed: a list of 1 to 16'],
  [[{ frame: 8 }], 'layout.preamble[0].name is missing, allowed: a string'],
  [[{ name: 'x' }], 'layout.preamble[0] has neither startsWith nor frame, one is needed'],
  [[{ name: 'x', frame: 0 }], 'layout.preamble[0].frame is 0, allowed: 1 to 65536 bytes, or a layout'],
  [[{ name: 'x', frame: [] }], 'layout.preamble[0].frame is [], allowed: a list of 1 to 8'],
  [[{ name: 'x', frame: [1, 0] }], 'layout.preamble[0].frame[1] is 0, allowed: 1 to 65536 bytes, or a layout'],
  [[{ name: 'x', frame: [[1]] }], 'layout.preamble[0].frame[0]'],
  [[{ name: 'x', frame: { kind: 'lines' } }], 'layout.preamble[0].frame.kind is "lines", allowed: '],
  [[{ name: 'x', startsWith: ['zz'] }], 'layout.preamble[0].startsWith[0] is "zz", allowed: 1 to 64 bytes in hex'],
  [[{ name: 'x', frame: 1, from: 'both' }], 'layout.preamble[0].from is "both", allowed: client, server'],
  [[{ name: 'x', frame: 1, times: 2 }], 'layout.preamble[0].times is 2, allowed: once, optional, any'],
  [[{ name: 'x', frame: 1, ends: 'no' }], 'layout.preamble[0].ends is "no", allowed: true or false'],
  [[{ name: 'x', frame: 1, end: true }], 'layout.preamble[0] has "end"; allowed: name, from, times, startsWith, frame, ends'],
])('%j: %s', (preamble, message) => {
  const read = (): unknown => readFraming(JSON.stringify({ kind: 'line', preamble }));
  expect(read).toThrow(RangeError);
  expect(read).toThrow(message);
});
