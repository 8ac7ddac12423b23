import { describe, expect, test } from 'vitest';
import { plainActions } from '../../src/datagrams/base/exchange.ts';
import { DATAGRAM_PLANS, parseDatagramPlans, planDatagrams } from '../../src/datagrams/plans/registry.ts';
import { createExchange, datagramExchange } from '../../src/index.ts';
import type { DatagramAction } from '../../src/datagrams/base/types.ts';

const context = { delayMs: 100, maxTruncations: 16 };
const two = { ...context, exchange: datagramExchange([Buffer.from('one'), Buffer.from('four')]) };
const together = {
  ...context,
  exchange: createExchange({ steps: [{ send: Buffer.from('a') }, { send: Buffer.from('b') }, { expect: { kind: 'control' } }] }),
};

/** Actions in short: `0 w0 1 w1`, with `(w0)` where nothing needs to come. */
function short(actions: readonly DatagramAction[]): string {
  return actions
    .map((action) => {
      if (action.kind === 'pause') return `${action.ms}ms`;
      if (action.kind === 'wait') return action.isSilent === true ? `(w${action.wait})` : `w${action.wait}`;
      return `${action.sends.join('&')}${action.keep === undefined ? '' : `@${action.keep}`}`;
    })
    .join(' ');
}

function trialsOf(plans: string, of: typeof two): readonly (readonly [string, string, string])[] {
  const planned = planDatagrams(parseDatagramPlans(plans), of);
  return planned.flatMap(({ trials }) => trials.map(({ id, actions, allows }) => [id, short(actions), allows] as const));
}

describe('of two datagrams, each answered before the next', () => {
  test.each([
    [
      'lose',
      [
        ['lose:0', '(w0) 1 (w1)', 'any'],
        ['lose:1', '0 w0 (w1)', 'any'],
      ],
    ],
    [
      'resend',
      [
        ['resend:0', '(w0) 0 w0 1 w1', 'same'],
        ['resend:1', '0 w0 (w1) 1 w1', 'same'],
      ],
    ],
    [
      'vanish',
      [
        ['vanish:0', '0 w0', 'any'],
        ['vanish:1', '0 w0 1 w1', 'any'],
      ],
    ],
    [
      'double',
      [
        ['double:0', '0 0 w0 1 w1', 'same'],
        ['double:1', '0 w0 1 1 w1', 'same'],
      ],
    ],
    [
      'late',
      [
        ['late:0', '0 w0 1 w1 100ms 0', 'same'],
        ['late:1', '0 w0 1 w1 100ms 1', 'same'],
      ],
    ],
    ['delay', [['delay:1', '0 w0 100ms 1 w1', 'same']]],
    ['swap', [['swap:0', '1 0 (w0) (w1)', 'any']]],
    [
      'glue',
      [
        ['glue:2@0', '0&0 (w0) 1 (w1)', 'joined'],
        ['glue:2@1', '0 w0 1&1 (w1)', 'joined'],
      ],
    ],
    [
      'truncate',
      [
        ...[0, 1, 2].map((keep) => [`truncate:0@${keep}`, `0@${keep} (w0)`, 'any']),
        ...[0, 1, 2, 3].map((keep) => [`truncate:1@${keep}`, `0 w0 1@${keep} (w1)`, 'any']),
      ],
    ],
  ])('%s does this to each in turn', (plan, expected) => {
    expect(trialsOf(plan, two)).toEqual(expected);
  });

  test('each trial is a plan that makes it alone', () => {
    const all = trialsOf(DATAGRAM_PLANS.map(({ name }) => name).join('+'), two);
    expect(new Set(all.map(([id]) => id)).size).toBe(all.length);
    for (const trial of all) expect(trialsOf(trial[0], two)).toEqual([trial]);
  });
});

test('of two datagrams that are sent together the next one overtakes what is lost, delayed or swapped, and what is answered is open', () => {
  expect(trialsOf('resend+delay+swap+glue', together)).toEqual([
    ['resend:0', '1 (w0) 0 (w0)', 'any'],
    ['resend:1', '0 (w0) 1 (w0)', 'any'],
    ['delay:0', '1 100ms 0 w0', 'any'],
    ['delay:1', '0 100ms 1 w0', 'any'],
    ['swap:0', '1 0 (w0)', 'any'],
    ['glue:2@0', '0&1 (w0)', 'joined'],
  ]);
});

test('glue:N puts N of those that are sent together into one, or one N times, and says where there are fewer', () => {
  const steps = ['a', 'b', 'c'].map((text) => ({ send: Buffer.from(text) }));
  const three = { ...context, exchange: createExchange({ steps: [...steps, { expect: { kind: 'control' } }] }) };
  expect(trialsOf('glue:2', three)).toEqual([
    ['glue:2@0', '0&1 2 (w0)', 'joined'],
    ['glue:2@1', '0 1&2 (w0)', 'joined'],
  ]);
  expect(trialsOf('glue:3', three)).toEqual([['glue:3@0', '0&1&2 (w0)', 'joined']]);
  expect(trialsOf('glue:3', two)[0]).toEqual(['glue:3@0', '0&0&0 (w0) 1 (w1)', 'joined']);
  expect(trialsOf('glue:3@1', two)).toEqual([['glue:3@1', '0 w0 1&1&1 (w1)', 'joined']]);
  expect(planDatagrams(parseDatagramPlans('glue:9'), three)[0]).toMatchObject({
    plan: 'glue:9',
    untried: '9 datagrams in one: at most 3 are sent together',
  });
  expect(() => parseDatagramPlans('glue:1')).toThrow('glue:N takes a whole number from 2 to 1000, received "1"');
});

test('what sends back an answer is not sent before it, and what sends back an earlier one is', () => {
  const capture = [{ name: 'key', at: 0, bytes: 4 }];
  const exchange = createExchange({
    steps: [
      { send: Buffer.from('a') },
      { expect: { kind: 'control' }, capture },
      { send: Buffer.from('b {{key}}') },
      { expect: { kind: 'control' } },
      { send: Buffer.from('c {{key}}') },
    ],
  });
  expect(trialsOf('swap', { ...context, exchange }).map(([id]) => id)).toEqual(['swap:1']);
});

test('a long datagram is truncated to so many lengths, dense at its start and at its end, and what is left out is said', () => {
  const exchange = datagramExchange([Buffer.alloc(1000)]);
  const [{ trials, untried }] = planDatagrams(parseDatagramPlans('truncate'), { ...context, exchange }) as [
    ReturnType<typeof planDatagrams>[number],
  ];
  const kept = trials.map(({ id }) => Number(id.split('@')[1]));
  expect(kept).toHaveLength(16);
  expect(kept.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(kept.slice(-4)).toEqual([996, 997, 998, 999]);
  expect(untried).toContain('984 of 1000 lengths of datagram 0');
  expect(trialsOf('truncate:0@500', { ...context, exchange })).toEqual([['truncate:0@500', '0@500 (w0)', 'any']]);
});

test.each([
  ['flip', 'PROBE_ERR_PLAN', 'unknown plan "flip"; allowed: lose, resend'],
  ['lose:7', 'PROBE_ERR_PLAN', 'there is no trial "lose:7", as there is lose:1'],
  ['truncate:0@3', 'PROBE_ERR_PLAN', 'there is no trial "truncate:0@3"'],
  ['', 'PROBE_ERR_PLAN', 'unknown plan ""'],
])('%j is refused with what there is', (plan, code, message) => {
  expect(() => trialsOf(plan, two)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test('plans without any trial say why', () => {
  const one = { ...context, exchange: datagramExchange([Buffer.from('one')]) };
  expect(() => trialsOf('lose+swap', one)).toThrow(expect.objectContaining({ code: 'PROBE_ERR_NO_TRIALS' }));
  expect(short(plainActions(one.exchange))).toBe('0 w0');
});
