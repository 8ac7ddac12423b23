import { expect, test } from 'vitest';
import { createExchange, requestExchange } from '../../src/exchange/create.ts';
import { MAX_SEND_BYTES } from '../../src/exchange/limits.ts';
import { prefixed, utf8 } from '../exchanges.ts';

test('a request is sent and its answer awaited as the control has it', () => {
  const send = utf8('hi');
  expect(requestExchange(send)).toEqual({ steps: [{ send }, { expect: { kind: 'control' } }] });
});

test('a wait is added behind the last send', () => {
  const { steps } = createExchange({ steps: [{ send: utf8('hi'), end: true }] });
  expect(steps).toEqual([{ send: utf8('hi'), end: true }, { expect: { kind: 'control' } }]);
});

test('frames are found in each send, with its own framing or that of the exchange', () => {
  const { steps, framing } = createExchange({
    framing: 'u32be',
    steps: [{ send: utf8('HELLO\n'), framing: 'line' }, { send: prefixed('a', 'b') }],
  });
  expect(framing).toBe('u32be');
  expect(steps.map((step) => ('send' in step ? step.frames?.length : undefined))).toEqual([1, 2, undefined]);
});

test.each([
  [{ steps: [] }, 'nothing is sent'],
  [{ steps: [{ expect: { kind: 'close' } as const }] }, 'nothing is sent'],
  [{ steps: [{ send: utf8('a') }, { send: utf8('') }] }, 'step 1 sends nothing, at least 1 byte is needed'],
  [{ steps: [{ send: new Uint8Array(MAX_SEND_BYTES + 1) }] }, `step 0 sends ${MAX_SEND_BYTES + 1} bytes, limit ${MAX_SEND_BYTES}`],
  [{ steps: Array.from({ length: 10_001 }, () => ({ send: utf8('a') })) }, '10001 steps, limit 10000'],
])('an exchange that cannot be is refused', (options, message) => {
  expect(() => createExchange(options)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_EXCHANGE', message: expect.stringContaining(message) as string }),
  );
});
