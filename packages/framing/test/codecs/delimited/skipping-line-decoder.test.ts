import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { line } from '../../../src/index.ts';
import { checkCodec, decodeAll, drip, everySplit } from '../../../src/testing.ts';
import { bytes, drain, text } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../../support/cuts.ts';

const skipping = line({ maxPayloadBytes: 4, oversize: 'skip', unended: 'emit' });

test('lines over the limit are left out and counted, wherever the stream is cut', () => {
  const stream = bytes('four\nfives\n\nseven 7\r\nsixsix\nok\r\nlonger than that');
  for (const chunks of everySplit(stream)) {
    const decoder = skipping.createDecoder();
    for (const chunk of chunks) decoder.push(chunk);
    const lines = drain(decoder).map(text);
    decoder.end();
    expect([lines, drain(decoder), decoder.skippedFrames]).toEqual([['four', '', 'ok'], [], 4]);
  }
});

test('the beginning of a line that is left out is not kept', () => {
  const decoder = skipping.createDecoder();
  for (const chunk of drip(bytes('x'.repeat(1000)))) {
    decoder.push(chunk);
    expect(decoder.next()).toBeUndefined();
    expect(decoder.bufferedBytes).toBeLessThanOrEqual(5);
  }
  expect(decoder.skippedFrames).toBe(1);
});

test('short lines are read as ever, and another ending is still refused', () => {
  checkCodec(line({ maxPayloadBytes: 4, oversize: 'skip' }), [bytes('four'), bytes('')]);
  expect(decodeAll(skipping, [bytes('last')]).map(text)).toEqual(['last']);
  const crlf = line({ maxPayloadBytes: 4, oversize: 'skip', ending: 'crlf' });
  expect(outcomeOf(crlf, bytes('fives\r\nok\n')).error).toMatchObject({ code: 'FRAME_ERR_BAD_TRAILER', offset: 7 });
  expect(() => line({ ending: 'any', oversize: 'skip' })).toThrow("oversize is 'skip' with the ending 'any'");
});

test('many long lines in one chunk take one walk, and whatever bytes come, the cut decides nothing', () => {
  expect(workOf(skipping, [bytes('fives\n'.repeat(50_000))])).toBe(0);
  checkArbitraryBytes(line({ maxPayloadBytes: 3, oversize: 'skip' }), fc.constantFrom(10, 13, 97));
});
