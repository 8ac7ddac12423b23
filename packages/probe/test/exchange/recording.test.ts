import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exchangeOf, readRecording, recordingHead, recordingLine } from '../../src/exchange/recording.ts';
import { prefixed, utf8 } from '../exchanges.ts';
import type { RecordedEvent, RecordingHead } from '../../src/exchange/recording.ts';

function written(head: RecordingHead, events: readonly RecordedEvent[]): string {
  return recordingHead(head) + events.map(recordingLine).join('');
}

const anyEvent: fc.Arbitrary<RecordedEvent> = fc.record(
  {
    ms: fc.double({ min: 0, max: 1e6, noNaN: true }).map((ms) => ms + 0),
    from: fc.constantFrom('client', 'server'),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
    end: fc.constantFrom('fin', 'reset'),
  },
  { requiredKeys: ['ms', 'from'], noNullPrototype: true },
);

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), (events) => {
      const head = { target: '127.0.0.1:1', framing: 'line', name: 'n' };
      expect(readRecording(written(head, events))).toEqual({ ...head, events });
    }),
  );
});

test('a last line that was not finished is left out', () => {
  const whole = written({}, [{ ms: 0, from: 'client', bytes: utf8('hi') }]);
  expect(readRecording(`${whole}{"ms":1,"fr`).events).toHaveLength(1);
});

test.each([
  ['', 'it is empty'],
  ['{"socklab"', 'its first line is not finished'],
  ['{}\n', 'line 1: socklab must be "recording", received nothing'],
  ['{"socklab":"recording","version":2}\n', 'line 1: version must be 1, received 2'],
  [`${recordingHead({})}{"ms":0,"from":"me"}\n`, 'line 2: from must be "client" or "server", received "me"'],
  [`${recordingHead({})}{"ms":-1,"from":"client"}\n`, 'line 2: ms must be a number, at least 0, received -1'],
  [`${recordingHead({})}{"ms":0,"from":"client","hex":"6"}\n`, 'line 2: hex must be an even number of hex digits'],
  [`${recordingHead({})}torn in the middle\n{"ms":0,"from":"client"}\n`, 'line 2: '],
])('%j is refused with its line', (text, message) => {
  expect(() => readRecording(text)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_RECORDING', message: expect.stringContaining(message) as string }),
  );
});

const spoken: readonly RecordedEvent[] = [
  { ms: 0, from: 'server', bytes: utf8('hello\n') },
  { ms: 1, from: 'client', bytes: utf8('US') },
  { ms: 2, from: 'client', bytes: utf8('ER\n') },
  { ms: 3, from: 'server', bytes: utf8('o') },
  { ms: 4, from: 'server', bytes: utf8('k\n') },
  { ms: 5, from: 'client', end: 'fin' },
  { ms: 6, from: 'server', end: 'fin' },
];

test('what one side said in one go is one send or one wait, and good-bye is left out', () => {
  expect(exchangeOf({ events: spoken, name: 'talk' })).toEqual({
    name: 'talk',
    steps: [{ expect: { kind: 'control' } }, { send: utf8('USER\n') }, { expect: { kind: 'control' } }],
  });
});

test('an end that came with the last bytes is kept, and so is that of the other side', () => {
  const events: readonly RecordedEvent[] = [
    { ms: 0, from: 'client', bytes: utf8('all') },
    { ms: 0, from: 'client', end: 'fin' },
    { ms: 1, from: 'server', bytes: utf8('ok') },
    { ms: 2, from: 'server', end: 'fin' },
  ];
  expect(exchangeOf({ events }).steps).toEqual([{ send: utf8('all'), end: true }, { expect: { kind: 'close' } }]);
});

test('the server can be played as well, with frames', () => {
  const events: readonly RecordedEvent[] = [
    { ms: 0, from: 'client', bytes: utf8('ask') },
    { ms: 1, from: 'server', bytes: prefixed('a', 'b') },
    { ms: 2, from: 'server', end: 'fin' },
  ];
  const { steps } = exchangeOf({ events, framing: 'u32be' }, { sender: 'server' });
  expect(steps).toMatchObject([
    { expect: { kind: 'control' } },
    { send: prefixed('a', 'b'), end: true, frames: [{ end: 5 }, { end: 10 }] },
    {},
  ]);
});

test('a recording in which the sender said nothing makes no exchange', () => {
  expect(() => exchangeOf({ events: spoken.slice(0, 1) })).toThrow(expect.objectContaining({ code: 'PROBE_ERR_EXCHANGE' }));
});
