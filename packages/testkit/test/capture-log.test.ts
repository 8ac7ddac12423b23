import { once } from 'node:events';
import { expect, test } from 'vitest';
import { captureLog } from '../src/index.ts';

test('collects JSON lines however they are cut, and finds one already there or to come', async () => {
  const log = captureLog();
  const later = log.waitFor('two');
  log.destination.write('{"msg":"one"}\n{"ms');
  expect(log.lines).toEqual([{ msg: 'one' }]);
  log.destination.write(Buffer.from('g":"two","n":2}\n'));
  expect(await later).toEqual({ msg: 'two', n: 2 });
  expect(await log.waitFor('one')).toEqual({ msg: 'one' });
});

test('finds the nth entry of a message', async () => {
  const log = captureLog();
  const second = log.waitFor('connection closed', 2);
  for (const conn of [1, 2, 3]) log.destination.write(`{"msg":"connection closed","conn":${conn}}\n`);
  expect(await second).toMatchObject({ conn: 2 });
});

test('a line that is not JSON is an error of the destination', async () => {
  const log = captureLog();
  const failed = once(log.destination, 'error');
  log.destination.write('oops\n');
  expect((await failed)[0]).toBeInstanceOf(SyntaxError);
});
