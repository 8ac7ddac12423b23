import { expect, test } from 'vitest';
import { Connections, showConnections } from '../../src/connection/connections.ts';
import type { Connection } from '../../src/connection/connection.ts';

/** A connection that is nothing but its counts. */
function counted(id: number, counts: Partial<Connection> = {}): Connection {
  return {
    id,
    peer: { address: '127.0.0.1', port: 50_000 + id },
    address: `127.0.0.1:${50_000 + id}`,
    state: 'serving',
    openedAtMs: 1000,
    bytesIn: 0,
    bytesOut: 0,
    messagesIn: 0,
    messagesOut: 0,
    pendingBytes: 0,
    partialBytes: 0,
    memoryBytes: 0,
    row: undefined,
    say: () => Promise.resolve(),
    end() {},
    cut() {},
    ...counts,
  };
}

test('totals are those of the open and the closed, and closing changes nothing', () => {
  const connections = new Connections();
  const first = counted(1, { bytesIn: 10, bytesOut: 20, messagesIn: 3, messagesOut: 4 });
  const second = counted(2, { bytesIn: 100, bytesOut: 200, messagesIn: 30, messagesOut: 40 });
  connections.add(first);
  connections.add(second);
  const both = { bytesIn: 110, bytesOut: 220, messagesIn: 33, messagesOut: 44 };
  expect(connections.totals()).toEqual(both);
  connections.remove(first);
  expect(connections.totals()).toEqual(both);
  connections.remove(first);
  connections.remove(second);
  expect(connections.totals()).toEqual(both);
});

test('none resolves when the last has gone, and at once when there is none', async () => {
  const connections = new Connections();
  await connections.none();
  const only = counted(1);
  connections.add(only);
  let isNone = false;
  const none = connections.none().then(() => {
    isNone = true;
  });
  await Promise.resolve();
  expect(isNone).toBe(false);
  connections.remove(only);
  await none;
});

test('shows the oldest thousand, by their counts and their age', () => {
  const connections = new Connections();
  for (let id = 1; id <= 1500; id++) connections.add(counted(id, { bytesIn: id }));
  const shown = showConnections(connections, 3500.4);
  expect(shown).toHaveLength(1000);
  expect(shown[0]).toEqual({
    id: 1,
    peer: '127.0.0.1:50001',
    state: 'serving',
    ageMs: 2500,
    bytesIn: 1,
    bytesOut: 0,
    messagesIn: 0,
    messagesOut: 0,
    pendingBytes: 0,
    partialBytes: 0,
  });
  expect(shown.at(-1)!.id).toBe(1000);
});
