import { expect, test } from 'vitest';
import { Scratch } from '../../src/decoding/scratch.ts';
import { pattern } from '../support/bytes.ts';

test('bytes come out as they went in, however they are appended and dropped', () => {
  const scratch = new Scratch();
  const all = pattern(1000);
  let [added, dropped] = [0, 0];
  for (let turn = 1; dropped < all.length; turn++) {
    const end = Math.min(added + (turn % 37), all.length);
    scratch.append(all.subarray(added, end));
    added = end;
    expect(scratch.bytes()).toEqual(all.subarray(dropped, added));
    const drop = Math.min(turn % 31, scratch.length);
    scratch.drop(drop);
    dropped += drop;
    expect(scratch.length).toBe(added - dropped);
  }
});
