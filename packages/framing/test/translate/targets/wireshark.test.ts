import { expect, test } from 'vitest';
import { translate } from '../../../src/translate/programs/program.ts';
import { wireshark } from '../../../src/translate/targets/wireshark.ts';

test('wireshark: the source has the name, the limit and the state of the layout', () => {
  const source = wireshark(translate({ kind: 'slip', maxPayloadBytes: 100 }));
  for (const part of ['Proto("slip_frames", "slip_frames: made from a layout")', 'MAX_PAYLOAD_BYTES = 100', 'desegment_len'])
    expect(source).toContain(part);
});
