import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { line } from '../../src/index.ts';
import { Batcher, chunksOf } from '../../src/streams/batcher.ts';
import { bytes, text } from '../support/bytes.ts';

test('a batch comes before the fault behind it, and the fault stays', () => {
  const batcher = new Batcher(line({ maxPayloadBytes: 3 }).createDecoder());
  expect(batcher.push([bytes('one\nt'), bytes('wo\ntoo long\n')]).map(text)).toEqual(['one', 'two']);
  for (let call = 0; call < 2; call++) expect(() => batcher.check()).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE' }));
});

test('the end of the stream may be the fault', () => {
  const batcher = new Batcher(line().createDecoder());
  expect(batcher.push(bytes('half')).length).toBe(0);
  batcher.check();
  expect(batcher.end()).toEqual([]);
  expect(() => batcher.check()).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TRUNCATED' }));
});

test('bytes of another realm are bytes', () => {
  const foreign = runInNewContext('new Uint8Array([0x68, 0x69, 0x0a])') as Uint8Array;
  expect(foreign instanceof Uint8Array).toBe(false);
  expect(new Batcher(line().createDecoder()).push(foreign).map(text)).toEqual(['hi']);
  expect(chunksOf([foreign, bytes('x')]).length).toBe(2);
});
