import { expect, test, vi } from 'vitest';
import { validated } from '../../src/payload/standard-schema.ts';
import type { StandardSchema } from '../../src/index.ts';

type Validate = StandardSchema<never, number>['~standard']['validate'];

function schemaOf(validate: Validate): StandardSchema<never, number> {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

test('gives what the schema makes of a value', () => {
  expect(
    validated(
      schemaOf((value) => ({ value: Number(value) })),
      '12',
    ),
  ).toBe(12);
});

test('names the issues with their paths, at most five', () => {
  const issues = [
    { message: 'whole' },
    { message: 'deep', path: ['a', 0, { key: 'b' }] },
    { message: 'odd', path: [Symbol('s')] },
    ...Array.from({ length: 4 }, (_, index) => ({ message: `more ${index}`, path: [] })),
  ];
  expect(() =>
    validated(
      schemaOf(() => ({ issues })),
      1,
    ),
  ).toThrow(new Error('payload does not fit the schema: whole; a.0.b: deep; Symbol(s): odd; more 0; more 1; and 2 more'));
});

test('refuses a schema that validates asynchronously, and handles what comes of it', async () => {
  const unhandled = vi.fn<() => void>();
  process.on('unhandledRejection', unhandled);
  const late = Promise.reject<never>(new Error('too late'));
  expect(() =>
    validated(
      schemaOf(() => late),
      1,
    ),
  ).toThrow(new Error('the test schema validates asynchronously, payloads can only be validated synchronously'));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});
