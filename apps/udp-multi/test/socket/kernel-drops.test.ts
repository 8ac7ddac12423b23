import { expect, test } from 'vitest';
import { dropsOf } from '../../src/socket/kernel-drops.ts';

const TABLE = [
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
  ' 2290: 0100007F:2328 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 35147 2 0000000000000000 4908',
  ' 2291: 0100007F:2328 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 35148 2 0000000000000000 7',
  ' 2292: 0100007F:2329 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 35149 2 0000000000000000 1',
].join('\n');

test('the drops of our own sockets are summed, whoever else shares their port', () => {
  expect(dropsOf(TABLE, new Set(['35147', '35149']))).toBe(4909);
  expect(dropsOf(TABLE, new Set(['3514']))).toBe(0);
  expect(dropsOf('', new Set(['35147']))).toBe(0);
});
