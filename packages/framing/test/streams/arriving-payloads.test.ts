import { expect, test } from 'vitest';
import { line } from '../../src/index.ts';
import { ArrivingBatches, ArrivingPayloads } from '../../src/streams/arriving-payloads.ts';
import { Batcher } from '../../src/streams/batcher.ts';
import { bytes, text } from '../support/bytes.ts';

async function* steps(): AsyncGenerator<Uint8Array | readonly Uint8Array[]> {
  yield bytes('one\ntwo\nth');
  yield [bytes('ree\nfo'), bytes('ur\n')];
}

test('payloads are taken one by one, from each step as it arrives', async () => {
  const source = new ArrivingPayloads(line().createDecoder(), steps());
  const seen: string[] = [];
  do {
    for (let payload = source.take(); payload !== undefined; payload = source.take()) seen.push(text(payload));
    seen.push('wait');
  } while (source.accept(await source.moreArrived()));
  // Once more for the end of the source, which may complete a frame.
  expect(seen).toEqual(['wait', 'one', 'two', 'wait', 'three', 'four', 'wait', 'wait']);
});

test('batches have all that a step completed', async () => {
  const source = new ArrivingBatches(new Batcher(line().createDecoder()), steps());
  const seen: string[] = [];
  do {
    for (let batch = source.take(); batch !== undefined; batch = source.take()) seen.push(batch.map((each) => text(each)).join());
    seen.push('wait');
  } while (source.accept(await source.moreArrived()));
  expect(seen).toEqual(['wait', 'one,two', 'wait', 'three,four', 'wait', 'wait']);
});

test('chunks of a step that were not taken are dropped when the source is closed', async () => {
  const source = new ArrivingPayloads(line().createDecoder(), steps());
  source.accept(await source.moreArrived());
  expect([text(source.take()!), text(source.take()!), source.take()]).toEqual(['one', 'two', undefined]);
  source.accept(await source.moreArrived());
  await source.close();
  expect(source.take()).toBeUndefined();
});
