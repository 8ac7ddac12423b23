import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryBudget } from '@socklab/service';
import { expect, test } from 'vitest';
import { inTurns } from '../../src/connection/in-turns.ts';
import { createRoomMaker } from '../../src/connection/make-room.ts';
import type { Holder } from '../../src/connection/make-room.ts';

/** In which turn of the event loop each call came, each of which takes longer than a turn has time. */
class Calls {
  readonly turns: number[] = [];
  #now = 0;
  #isOver = false;

  note(): void {
    this.turns.push(this.#now);
    const until = performance.now() + 15;
    while (performance.now() < until);
  }

  async during(work: () => Promise<unknown>): Promise<void> {
    const count = async (): Promise<void> => {
      for (; !this.#isOver; this.#now++) await nextTurn();
    };
    const counting = count();
    await work();
    this.#isOver = true;
    await counting;
  }
}

test('what takes longer than a turn of the event loop goes on in the next one, in order', async () => {
  const calls = new Calls();
  const items: number[] = [];
  await calls.during(() =>
    inTurns([1, 2, 3, 4], (item) => {
      items.push(item);
      calls.note();
    }),
  );
  expect(items).toEqual([1, 2, 3, 4]);
  expect(new Set(calls.turns).size).toBe(4);
});

test('it is enough when the call says so', async () => {
  const items: number[] = [];
  await inTurns([1, 2, 3, 4], (item) => items.push(item) < 2);
  expect(items).toEqual([1, 2]);
});

test('connections that hold most are cut in turns, until an eighth of the budget is free', async () => {
  const calls = new Calls();
  const cut: number[] = [];
  const budget = createMemoryBudget({ limitBytes: 100, onSpent: () => {} });
  const holders = [10, 40, 20, 45, 5].map((bytes): Holder => {
    const holder = {
      memoryBytes: bytes,
      cut(): void {
        cut.push(bytes);
        budget.charge(-bytes);
        holder.memoryBytes = 0;
        calls.note();
      },
    };
    budget.charge(bytes);
    return holder;
  });
  const makeRoom = createRoomMaker(holders);
  budget.charge(60);
  // Once more while it is at work: nobody is cut twice.
  await calls.during(() => Promise.all([makeRoom(budget), makeRoom(budget)]));
  expect(cut).toEqual([45, 40, 20]);
  expect(new Set(calls.turns).size).toBe(3);
});

test('who holds little is not cut for those that go on filling up while others are cut', async () => {
  const cut: string[] = [];
  const budget = createMemoryBudget({ limitBytes: 1000, onSpent: () => {} });
  const holderOf = (name: string, bytes: number): Holder & { grow(by: number): void } => {
    const holder = {
      memoryBytes: 0,
      grow(by: number): void {
        holder.memoryBytes += by;
        budget.charge(by);
      },
      cut(): void {
        cut.push(name);
        holder.grow(-holder.memoryBytes);
        // Meanwhile one that held nothing takes all that was made free, once.
        late.grow(cut.length === 1 ? 900 : 0);
      },
    };
    holder.grow(bytes);
    return holder;
  };
  const late = holderOf('late', 0);
  const holders = [late, holderOf('much', 500), holderOf('more', 490), ...['a', 'b', 'c'].map((name) => holderOf(name, 5))];
  await createRoomMaker(holders)(budget);
  expect(cut).toEqual(['much', 'more', 'late']);
});
