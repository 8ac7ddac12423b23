import { expect, test } from 'vitest';
import { codecOf, framingOf } from '../../src/index.ts';
import { BROKEN } from './broken-layouts.ts';
import type { Layout } from '../../src/index.ts';

test.each(BROKEN)('%j: %s', (layout, message) => {
  expect(() => codecOf(layout as Layout)).toThrow(RangeError);
  expect(() => codecOf(layout as Layout)).toThrow(message);
});

test('what JSON allows and the schema cannot say is refused too', () => {
  const length = { name: 'length', field: 'u8' };
  expect(() => codecOf({ kind: 'frame', header: [length, length] } as Layout)).toThrow('layout.header has two parts called "length"');
  const covers = { from: 'type' };
  expect(() => codecOf({ kind: 'frame', header: [length], trailer: [{ checksum: 'sum', covers }] } as Layout)).toThrow(
    'sum covers "type"; allowed: the parts of the header: length',
  );
});

const circle: Record<string, unknown> = {};
circle['itself'] = circle;

// A layout need not come from JSON.
test.each<[string, unknown, string]>([
  ['a BigInt', 4n, 'layout.byteLength is the bigint 4, allowed: a whole number'],
  ['a circle', circle, 'layout.byteLength is an Object, allowed: a whole number'],
  ['a toJSON that throws', { toJSON: () => fail() }, 'layout.byteLength is an Object, allowed: a whole number'],
  ['a function', () => 4, 'layout.byteLength is function, allowed: a whole number'],
])('%s in a layout is a RangeError that says where', (_what, byteLength, message) => {
  expect(() => codecOf({ kind: 'fixed', byteLength } as Layout)).toThrow(new RangeError(message));
});

function fail(): never {
  throw new Error('mine');
}

test('a getter that throws is a RangeError with its cause, and what a getter says is asked for once', () => {
  for (const layout of [
    {
      get kind() {
        return fail();
      },
    },
    {
      kind: 'frame',
      header: [
        {
          get name() {
            return fail();
          },
        },
      ],
    },
  ]) {
    expect(() => codecOf(layout as unknown as Layout)).toThrow(RangeError);
    expect(() => codecOf(layout as unknown as Layout)).toThrow(expect.objectContaining({ cause: new Error('mine') }));
  }
  let asked = 0;
  const kinds = ['line', 'no kind'];
  const fickle = {
    get kind() {
      return kinds[asked++];
    },
  };
  expect(codecOf(fickle as unknown as Layout).name).toBe('line');
});

test('a layout that is not JSON is a RangeError, and one that is changed later changes nothing', () => {
  const round = { kind: 'line', preamble: [{ name: 'again', frame: {} }] };
  round.preamble[0]!.frame = round;
  expect(() => framingOf(round as unknown as Layout)).toThrow(/^layout is not JSON: /);
  const layout = { kind: 'fixed', byteLength: 2 } as { kind: 'fixed'; byteLength: number };
  const entry = framingOf(layout);
  layout.byteLength = 3;
  expect(entry.create({}).encode(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
  expect(entry.layout).toEqual({ kind: 'fixed', byteLength: 2 });
});
