import { expect, test } from 'vitest';
import { createSideDecoder, framingOf } from '../../src/index.ts';
import { fromHex } from '../support/bytes.ts';

test('without a preamble of that side it is the decoder of the codec', () => {
  for (const [name, side] of [
    ['u16be', 'client'],
    ['mqtt', 'server'],
  ] as const) {
    expect(createSideDecoder(framingOf(name), side).isPreamble).toBeUndefined();
  }
  expect(createSideDecoder(framingOf('amqp'), 'server').isPreamble).toBe(false);
});

test('a limit beyond what the format can express is lowered to that', () => {
  const decoder = createSideDecoder(framingOf('u8'), 'client', { maxPayloadBytes: 1_000_000, payload: 'copy' });
  decoder.push(fromHex('02 68 69'));
  expect(decoder.next()).toEqual(fromHex('68 69'));
});
