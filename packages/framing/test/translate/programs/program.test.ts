import { expect, test } from 'vitest';
import { translate } from '../../../src/translate/programs/program.ts';

test('a translation keeps what the author says, and has every default', () => {
  const { facts, layout, maxPayloadBytes } = translate({ kind: 'line', name: 'mine', summary: 'lines' });
  expect(facts).toEqual({ kind: 'line', name: 'mine', summary: 'lines' });
  expect(layout).toEqual({ kind: 'line', name: 'mine', ending: 'lf-or-crlf', unended: 'error', maxPayloadBytes: 1_048_576 });
  expect(maxPayloadBytes).toBe(1_048_576);
});
