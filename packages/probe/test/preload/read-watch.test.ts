import { once } from 'node:events';
import { socketPair, standStill } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createReadWatch } from '../../src/preload/read-watch.ts';
import type { ReadCount, ReadTable } from '../../src/preload/read-table.ts';

/** A table of one connection, as the library writes it. */
function tableOf(count: ReadCount): { readonly table: ReadTable; set: (count: ReadCount) => void } {
  let current = count;
  return { table: { path: '', loads: 1, totalBytes: 0, of: () => current, close: () => undefined }, set: (next) => (current = next) };
}

const LONG = { timeoutMs: 20_000 };

test('what an earlier connection of the same port has read does not count', async () => {
  await using pair = await socketPair();
  const { client } = pair;
  const { table, set } = tableOf({ connection: 3n, bytes: 100 });
  const watch = createReadWatch(table);
  watch.begin(client);
  await new Promise((resolve) => client.write('hello', resolve));
  expect(await watch.untilRead(client, { timeoutMs: 1 })).toBe('late');
  set({ connection: 4n, bytes: 4 });
  expect(await watch.untilRead(client, { timeoutMs: 1 })).toBe('late');
  set({ connection: 4n, bytes: 5 });
  expect(await watch.untilRead(client, LONG)).toBe('read');
});

test('of a connection that keeps its number only what is new counts', async () => {
  await using pair = await socketPair();
  const { client } = pair;
  const { table, set } = tableOf({ connection: 0n, bytes: 100 });
  const watch = createReadWatch(table);
  watch.begin(client);
  await new Promise((resolve) => client.write('hello', resolve));
  set({ connection: 0n, bytes: 104 });
  expect(await watch.untilRead(client, { timeoutMs: 1 })).toBe('late');
  set({ connection: 0n, bytes: 105 });
  expect(await watch.untilRead(client, LONG)).toBe('read');
});

test('a standstill of this process is not the fault of the server', async () => {
  await using pair = await socketPair();
  const { client } = pair;
  let looks = 0;
  const ofLook = (): ReadCount => ({ connection: 0n, bytes: ++looks > 2 ? 5 : 0 });
  const watch = createReadWatch({ ...tableOf({ connection: 0n, bytes: 0 }).table, of: ofLook });
  watch.begin(client);
  await new Promise((resolve) => client.write('hello', resolve));
  const waiting = watch.untilRead(client, { timeoutMs: 50 });
  standStill(100);
  expect(await waiting).toBe('read');
});

test('a wait ends with the connection, and with its signal', async () => {
  await using pair = await socketPair();
  const { client } = pair;
  const watch = createReadWatch(tableOf({ connection: 1n, bytes: 0 }).table);
  watch.begin(client);
  await new Promise((resolve) => client.write('hello', resolve));
  const aborting = new AbortController();
  const aborted = watch.untilRead(client, { ...LONG, signal: aborting.signal });
  aborting.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  const waiting = watch.untilRead(client, LONG);
  const closed = once(client, 'close');
  client.destroy();
  expect(await waiting).toBe('gone');
  await closed;
  expect(await watch.untilRead(client, LONG)).toBe('gone');
});
