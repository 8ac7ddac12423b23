import { expect, test } from 'vitest';
import { translate } from '../../../src/translate/programs/program.ts';
import { go } from '../../../src/translate/targets/go.ts';

test('go: the source has the name, the limit and the state of the layout', () => {
  const source = go(translate({ kind: 'slip', maxPayloadBytes: 100 }));
  for (const part of ['package slip', 'MaxPayloadBytes: 100', 'func (d *Decoder) Push(chunk []byte)']) expect(source).toContain(part);
});
