import { expect, test } from 'vitest';
import { translate } from '../../../src/translate/programs/program.ts';
import { python } from '../../../src/translate/targets/python.ts';

test('python: the source has the name, the limit and the state of the layout', () => {
  const source = python(translate({ kind: 'slip', maxPayloadBytes: 100 }));
  for (const part of ['def push(self, chunk):', 'max_payload_bytes=100', 'self._is_escaped = 0']) expect(source).toContain(part);
});
