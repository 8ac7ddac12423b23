import { expect, test } from 'vitest';
import { createSharedAnswers } from '../../src/admin/shared-answers.ts';

test('all that ask before an answer is begun have the same one, who asks later the next, which knows more', async () => {
  const answers = createSharedAnswers();
  let known = 'first';
  let made = 0;
  const make = async (): Promise<string> => {
    made += 1;
    const answer = known;
    // Begun: what is known from here on is not in it.
    known = 'second';
    later ??= answers.ask('/metrics', make);
    return answer;
  };
  let later: Promise<string> | undefined;
  const given = await Promise.all(Array.from({ length: 1000 }, () => answers.ask('/metrics', make)));
  expect([...new Set(given)]).toEqual(['first']);
  expect(await later).toBe('second');
  expect(made).toBe(2);
});

test('one answer is made in a turn, and one that fails stops none of the others', async () => {
  const answers = createSharedAnswers();
  let turn = 0;
  let next: NodeJS.Immediate;
  const count = (): void => {
    turn++;
    next = setImmediate(count);
  };
  count();
  const turns: number[] = [];
  const make = async (): Promise<string> => {
    turns.push(turn);
    if (turns.length === 2) throw new Error('no answer');
    return 'answer';
  };
  const given = await Promise.allSettled(['/a', '/b', '/c'].map((path) => answers.ask(path, make)));
  clearImmediate(next!);
  expect(given.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(new Set(turns).size).toBe(3);
  expect(await answers.ask('/b', make)).toBe('answer');
});

test('an answer that takes long holds up no other', async () => {
  const answers = createSharedAnswers();
  const slow = Promise.withResolvers<string>();
  const first = answers.ask('/slow', () => slow.promise);
  expect(await answers.ask('/quick', async () => 'quick')).toBe('quick');
  slow.resolve('slow');
  expect(await first).toBe('slow');
});
