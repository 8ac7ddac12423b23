import { expect, test } from 'vitest';
import { translate } from '../../../src/translate/programs/program.ts';
import { c } from '../../../src/translate/targets/c.ts';

test('c: the source has the name, the limit and the state of the layout', () => {
  const source = c(translate({ kind: 'slip', maxPayloadBytes: 100 }));
  for (const part of ['#ifndef SLIP_DECODER_H', 'max_payload_bytes = 100LL', 'static inline int slip_next('])
    expect(source).toContain(part);
});
