import { expect, test } from 'vitest';
import { resolveParameters } from '../src/lab/parameters.ts';

const experiment = {
  id: 'some-experiment',
  params: {
    readBytes: { default: 15, min: 1, max: 100, unit: 'bytes', help: 'Most that one read takes' },
    writes: { default: 2, min: 1, max: 10, unit: 'count', help: 'How often' },
  },
} as const;

test('completes what is given with the defaults', () => {
  expect(resolveParameters(experiment, {})).toEqual({ readBytes: 15, writes: 2 });
  expect(resolveParameters(experiment, { writes: 3 })).toEqual({ readBytes: 15, writes: 3 });
});

test.each([1, 100])('takes the limit %d', (readBytes) => {
  expect(resolveParameters(experiment, { readBytes })).toEqual({ readBytes, writes: 2 });
});

test.each([0, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'refuses %d with LAB_ERR_PARAMETER, and says what is allowed',
  (readBytes) => {
    expect(() => resolveParameters(experiment, { readBytes })).toThrow(
      expect.objectContaining({
        code: 'LAB_ERR_PARAMETER',
        message: `some-experiment: readBytes is ${readBytes}, allowed are whole numbers from 1 to 100 (bytes)`,
      }),
    );
  },
);

test.each(['bytes', 'constructor', '__proto__'])('refuses the unknown name %s, and says which there are', (name) => {
  const given = JSON.parse(`{"${name}":1}`) as Record<string, number>;
  expect(() => resolveParameters(experiment, given)).toThrow(`some-experiment has no parameter "${name}", it has readBytes, writes`);
  expect(() => resolveParameters({ id: 'plain', params: {} }, given)).toThrow(`plain has no parameter "${name}", it has none`);
});
