import { expect, test } from 'vitest';
import { mostInMemory } from '../../src/runner/controls.ts';
import type { Control } from '../../src/runner/controls.ts';

const MIB = 2 ** 20;

function controlWith(...answerBytes: readonly number[]): Control {
  const received = answerBytes.map((length) => ({ length }) as Uint8Array);
  const observation = { received, ended: 'open', durationMs: 1, confirmed: true, pieces: [] } as const;
  return { observation, learnt: { answerBytes, ended: 'open', isEndAnswered: true }, slowestAnswerMs: 1 };
}

test('as many trials run at once as their answers fit into 256 MiB, and never fewer than two', () => {
  expect(mostInMemory(64, controlWith(4096))).toBe(64);
  expect(mostInMemory(64, controlWith(10 * MIB, 6 * MIB))).toBe(16);
  expect(mostInMemory(64, controlWith(200 * MIB))).toBe(2);
  expect(mostInMemory(1, controlWith(200 * MIB))).toBe(1);
});
