import { expect, test } from 'vitest';
import { resolveParameters } from '../src/lab/base/parameters.ts';

const experiment = {
  id: 'some-experiment',
  params: {
    readBytes: { default: 15, min: 1, max: 100, unit: 'bytes', help: { en: 'Most that one read takes', zh: '最多' } },
    writes: { default: 2, min: 1, max: 10, unit: 'count', help: { en: 'How often', zh: '几次' } },
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
        message: `some-experiment: readBytes is ${readBytes}; allowed: whole numbers from 1 to 100 (bytes)`,
        text: expect.objectContaining({ zh: `some-experiment：readBytes 为 ${readBytes}，允许 1 到 100 的整数（字节）` }),
        parameter: 'readBytes',
      }),
    );
  },
);

test.each(['bytes', 'constructor', '__proto__'])('refuses the unknown name %s, and says which there are', (name) => {
  const given = JSON.parse(`{"${name}":1}`) as Record<string, number>;
  expect(() => resolveParameters(experiment, given)).toThrow(`some-experiment has no parameter "${name}", it has readBytes, writes`);
  expect(() => resolveParameters({ id: 'plain', params: {} }, given)).toThrow(`plain has no parameter "${name}", it has none`);
});

test('an unknown name is told of in Chinese too, and shortened', () => {
  const name = 'x'.repeat(1000);
  expect(() => resolveParameters(experiment, { [name]: 1 })).toThrow(
    expect.objectContaining({
      parameter: 'x'.repeat(60),
      text: expect.objectContaining({ zh: `some-experiment 没有参数 "${'x'.repeat(60)}"，它有 readBytes、writes` }),
    }),
  );
});
