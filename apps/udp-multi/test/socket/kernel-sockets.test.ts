import { expect, test } from 'vitest';
import { rowsOf } from '../../src/socket/kernel-sockets.ts';

const TABLE = [
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
  ' 2290: 0100007F:2328 00000000:0000 07 00039B00:00000100 00:00000000 00000000     0        0 35147 2 0000000000000000 4908',
  ' 2291: 0100007F:2328 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 35148 2 0000000000000000 7',
  ' 2292: 0100007F:2329 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 35149 2 0000000000000000 1',
].join('\n');

test('the rows of our own sockets are read, whoever else shares their port', () => {
  expect(rowsOf(TABLE, new Set(['35147', '35149']))).toEqual([
    { waitingBytes: 0x39b00, drops: 4908 },
    { waitingBytes: 0, drops: 1 },
  ]);
  expect(rowsOf(TABLE, new Set(['3514']))).toEqual([]);
  expect(rowsOf('', new Set(['35147']))).toEqual([]);
});
