import { expect, test } from 'vitest';
import { codecOf } from '../../src/index.ts';
import { fromHex } from '../support/bytes.ts';
import { FILES } from './files.ts';

/** Headers with the longest length of the specification, and with one more. */
const LONGEST: readonly (readonly [file: string, longest: string, longer: string])[] = [
  ['bgp', `${'ff'.repeat(16)} 1000 02`, `${'ff'.repeat(16)} 1001 02`],
  ['bitcoin', `f9beb4d9 ${'61'.repeat(12)} 00093d00 00000000`, `f9beb4d9 ${'61'.repeat(12)} 01093d00 00000000`],
  ['ethernet-ip', `6f00 e7ff ${'00'.repeat(20)}`, `6f00 e8ff ${'00'.repeat(20)}`],
  ['hj212', '2323 31303234', '2323 31303235'],
  ['iec104', '68 fd', '68 fe'],
  ['radius', `01 00 1000 ${'00'.repeat(16)}`, `01 00 1001 ${'00'.repeat(16)}`],
  ['tls-records', '17 0303 4800', '17 0303 4801'],
];

test.each(LONGEST)('%s takes the longest frame that its specification allows, and refuses one byte more', (file, longest, longer) => {
  const decoder = codecOf(FILES.get(file)!).createDecoder();
  decoder.push(fromHex(longest));
  expect([decoder.next(), decoder.bufferedBytes]).toEqual([undefined, fromHex(longest).length]);
  const other = codecOf(FILES.get(file)!).createDecoder();
  other.push(fromHex(longer));
  expect(() => other.next()).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE' }));
});
