import { expect, test } from 'vitest';
import { askedHeaders } from '../../../../src/translate/programs/parts/text-head.ts';
import { interpreted } from '../../interpreter.ts';
import type { Layout } from '../../../../src/index.ts';

const WHEN = { header: { name: 'Coding', is: ['chunked'] } };

test('header lines are asked for once, whatever the case in which rules write their names', () => {
  const body = { length: { header: 'LENGTH' } };
  expect(askedHeaders([{ when: WHEN, body: 'none' }, { when: { header: { name: 'length' } }, body }, { body: 'none' }])).toEqual([
    { name: 'coding', values: [['chunked']], hasLength: false },
    { name: 'length', values: [], hasLength: true },
  ]);
});

test.each([
  ['a\ncoding:CHUNKED\n\n', 'FRAME_ERR_MALFORMED_LENGTH'],
  ['a\ncoding: chunkedly\n\n', `${Buffer.from('a\ncoding: chunkedly\n\n').toString('hex')} ok`],
  ['a\ncoding chunked\n\n', 'FRAME_ERR_MALFORMED_LENGTH'],
])('%j is told from others by the value of its header line', (wire, expected) => {
  const layout: Layout = { kind: 'text', head: 'block', rules: [{ when: WHEN, body: 'refuse' }, { body: 'none' }] };
  expect(interpreted(layout, [Buffer.from(wire)], 100)).toBe(expected);
});
