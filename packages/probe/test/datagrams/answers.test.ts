import { describe, expect, test } from 'vitest';
import { areJoined, compareAnswers, keyOf } from '../../src/datagrams/trial/answers.ts';
import { echoedIds, nextId, wasHandedOut } from '../../src/datagrams/trial/ids.ts';
import type { Template } from '../../src/datagrams/trial/answers.ts';

const ID = nextId(2);
const OTHER = nextId(2);
const ECHOED = [{ offset: 1, send: 0, bytes: 2 }];
const values = { slots: new Map(), ids: new Map([[0, [ID]]]) };

function answer(id: Uint8Array, text: string): Uint8Array {
  return Buffer.concat([Buffer.from('>'), id, Buffer.from(text)]);
}

function template(text: string): Template {
  const raw = answer(nextId(2), text);
  return { wait: 0, raw, echoed: ECHOED, key: keyOf(raw, ECHOED, new Map(), []) };
}

describe('ids', () => {
  test.each([2, 3, 8])('of %i bytes are told from bytes that were none', (byteLength) => {
    const ids = Array.from({ length: 50 }, () => nextId(byteLength));
    expect(new Set(ids.map(String)).size).toBe(50);
    expect(ids.every(wasHandedOut)).toBe(true);
  });

  test('that were not handed out are not known', () => {
    expect(wasHandedOut(new Uint8Array(8))).toBe(false);
    expect(wasHandedOut(Buffer.from('deadbeef', 'hex'))).toBe(false);
  });

  test('are found where every answer repeats its own', () => {
    const runs = [nextId(2), nextId(2)].map((id) => ({ answer: answer(id, 'hi'), ids: new Map([[0, id]]) }));
    expect(echoedIds(runs)).toEqual(ECHOED);
  });
});

describe('answers', () => {
  const due = [template('one'), template('two')];

  test('may come in any order', () => {
    const seen = compareAnswers([answer(ID, 'two'), answer(ID, 'one')], due, values, []);
    expect(seen).toEqual({ missing: [], copies: 0, others: [], foreign: undefined });
  });

  test('that come again are copies, those that do not come are missing, and others are others', () => {
    const strange = Buffer.from('what?');
    const seen = compareAnswers([answer(ID, 'one'), answer(ID, 'one'), strange], due, values, []);
    expect(seen).toEqual({ missing: [due[1]], copies: 1, others: [strange], foreign: undefined });
  });

  test('with the id of another run belong elsewhere', () => {
    const stray = answer(OTHER, 'one');
    expect(compareAnswers([stray], due, values, []).foreign).toBe(stray);
    expect(compareAnswers([answer(OTHER, 'else')], due, values, []).foreign).toBeUndefined();
  });

  test('count as joined however their bytes are divided into datagrams', () => {
    const whole = Buffer.concat([answer(ID, 'one'), answer(ID, 'two')]);
    expect(areJoined([whole], due, values, [])).toBe(true);
    expect(areJoined([answer(ID, 'one'), answer(ID, 'two')], due, values, [])).toBe(true);
    expect(areJoined([answer(ID, 'one')], due, values, [])).toBe(false);
  });
});
