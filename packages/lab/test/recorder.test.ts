import { expect, test } from 'vitest';
import { alike, utf8 } from '../src/lab/base/text.ts';
import { createRecorder } from '../src/lab/record/recorder.ts';
import { createTrace } from '../src/lab/record/trace.ts';
import { MAX_FLOWS, MAX_EVENTS, MAX_RUN_EVENTS, MAX_RUN_SHOWN_BYTES, MAX_SHOWN_BYTES, NO_EVENTS } from '../src/picture/flow.ts';
import type { OwnedRecorder, RecorderOptions } from '../src/lab/record/recorder.ts';

const label = { label: alike('some'), transport: 'tcp' } as const;

/** A recorder whose clock goes on by one microsecond each time it is asked. */
function recorder(differs: Partial<RecorderOptions> = {}): OwnedRecorder {
  let us = 0;
  const allowance = { events: MAX_RUN_EVENTS, shownBytes: MAX_RUN_SHOWN_BYTES };
  return createRecorder({ ...label, id: 1, now: () => ++us, allowance, ...differs });
}

test('records what it is told, at the time it is told', () => {
  const recording = recorder();
  expect(recording.write(utf8('hello'))).toEqual({ start: 0, end: 5 });
  expect(recording.write(utf8('alex'))).toEqual({ start: 5, end: 9 });
  recording.segments({ start: 0, end: 9, count: 2, whyNoTimes: 'absent' });
  recording.read(7);
  recording.message({ start: 0, end: 5 }, 'hello');
  recording.end('sender');
  recording.read(2);
  recording.read(0);
  recording.fault(5, { en: 'cut', zh: '断了' });
  recording.end('receiver', true);
  expect(recording.flow()).toEqual({
    id: 1,
    ...label,
    seenBy: 'ends',
    hex: '68656c6c6f616c6578',
    totalBytes: 9,
    messages: [
      { start: 0, end: 5 },
      { start: 5, end: 9 },
    ],
    omittedMessages: 0,
    events: [
      { type: 'write', us: 1, start: 0, end: 5 },
      { type: 'write', us: 2, start: 5, end: 9 },
      { type: 'read', us: 3, start: 0, end: 7 },
      { type: 'message', us: 4, start: 0, end: 5, text: 'hello' },
      { type: 'end', us: 5, side: 'sender', isReset: false },
      { type: 'read', us: 6, start: 7, end: 9 },
      { type: 'read', us: 7, start: 9, end: 9 },
      { type: 'fault', us: 8, start: 5, reason: { en: 'cut', zh: '断了' } },
      { type: 'end', us: 9, side: 'receiver', isReset: true },
    ],
    omittedEvents: 0,
    totals: { ...NO_EVENTS, write: 2, read: 2, message: 1, fault: 1, end: 2 },
    segments: [{ start: 0, end: 9, count: 2, whyNoTimes: 'absent' }],
  });
});

test('segments of a capture stand where they went, between their writes and their reads', () => {
  const recording = recorder();
  recording.write(utf8('hello'));
  recording.write(utf8('alex'));
  recording.read(9);
  const captured = [
    { us: 1, start: 0, end: 5 },
    { us: 3, start: 5, end: 9 },
  ];
  expect(recording.captured(captured)).toBe(true);
  const { events, totals } = recording.flow();
  expect(events.map(({ type, us }) => [type, us])).toEqual([
    ['write', 1],
    ['segment', 1],
    ['write', 2],
    ['segment', 3],
    ['read', 3],
  ]);
  expect(totals.segment).toBe(2);
});

test.each([
  ['went before it was written', { us: 1, start: 2, end: 5 }],
  ['went after it was read', { us: 4, start: 0, end: 5 }],
  ['was never written', { us: 2, start: 0, end: 6 }],
])('a segment that %s has no true time: none is recorded', (_, segment) => {
  const recording = recorder();
  recording.write(utf8('ab'));
  recording.write(utf8('cde'));
  recording.read(5);
  expect(recording.captured([segment])).toBe(false);
  expect(recording.flow().events.map(({ type }) => type)).toEqual(['write', 'write', 'read']);
});

test('segments that do not all fit into the recording are not recorded', () => {
  const recording = recorder({ allowance: { events: 5, shownBytes: 10 } });
  recording.write(utf8('ab'));
  recording.read(2);
  const captured = [
    { us: 1, start: 0, end: 1 },
    { us: 2, start: 1, end: 2 },
    { us: 2, start: 1, end: 2 },
  ];
  expect(recording.captured(captured)).toBe(false);
  expect(recording.captured(captured.slice(1))).toBe(true);
});

test('messages lie where the sender says, however the writes cut them', () => {
  const recording = recorder();
  recording.write(utf8('ab'), [5, 1]);
  recording.write(utf8('cdef'), []);
  recording.write(utf8('g'));
  expect(recording.flow().messages).toEqual([
    { start: 0, end: 5 },
    { start: 5, end: 6 },
    { start: 6, end: 7 },
  ]);
});

test('a message that is not written to its end ends where the writing did', () => {
  const recording = recorder();
  recording.write(utf8('abc'), [2, 10, 4]);
  expect(recording.flow().messages).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 3 },
  ]);
});

test('the memory that was written may be used again', () => {
  const recording = recorder();
  const bytes = utf8('a');
  recording.write(bytes);
  bytes[0] = 0;
  expect(recording.flow().hex).toBe('61');
});

test('keeps the first bytes that are shown, and counts the rest', () => {
  const recording = recorder();
  recording.write(new Uint8Array(MAX_SHOWN_BYTES - 1).fill(1));
  recording.write(Uint8Array.of(2, 3, 4));
  const { hex, totalBytes } = recording.flow();
  expect(hex).toHaveLength(2 * MAX_SHOWN_BYTES);
  expect(hex.endsWith('010102')).toBe(true);
  expect(totalBytes).toBe(MAX_SHOWN_BYTES + 2);
});

test('keeps so many events and messages, and counts the rest', () => {
  const recording = recorder();
  for (let written = 0; written < MAX_EVENTS + 3; written++) recording.write(Uint8Array.of(1));
  const { events, omittedEvents, messages, omittedMessages, totalBytes } = recording.flow();
  expect([events.length, omittedEvents]).toEqual([MAX_EVENTS, 3]);
  expect([messages.length, omittedMessages]).toEqual([MAX_EVENTS, 3]);
  expect(totalBytes).toBe(MAX_EVENTS + 3);
});

test('the flows of a run share what is kept', () => {
  const allowance = { events: 5, shownBytes: 3 };
  const first = recorder({ allowance });
  const second = recorder({ allowance });
  first.write(utf8('ab'));
  second.write(utf8('cd'));
  second.read(2);
  second.write(utf8('ef'));
  expect(first.flow()).toMatchObject({ hex: '6162', omittedEvents: 0, omittedMessages: 0 });
  expect(second.flow()).toMatchObject({ hex: '63', totalBytes: 4, omittedEvents: 1, omittedMessages: 1 });
});

test('a run tells of so many flows, and counts the rest; their recorders go on counting bytes', () => {
  const trace = createTrace();
  const recorders = Array.from({ length: MAX_FLOWS + 2 }, () => trace.converse(label));
  const last = recorders.at(-1);
  last?.write(utf8('hello'));
  expect(last?.writtenBytes).toBe(5);
  const { flows, omittedFlows } = trace.recorded();
  expect(flows.map(({ id }) => id)).toEqual(Array.from({ length: MAX_FLOWS }, (_, index) => index + 1));
  expect(omittedFlows).toBe(2);
});

test('flows that are not told of take nothing from those that are', () => {
  const trace = createTrace();
  const first = trace.converse(label);
  for (let begun = 1; begun < MAX_FLOWS; begun++) trace.converse(label);
  for (let omitted = 0; omitted < 6; omitted++) {
    const recording = trace.converse(label);
    // Each is an event and a message.
    for (let written = 0; written < MAX_RUN_EVENTS / 10; written++) recording.write(Uint8Array.of(1));
  }
  first.write(utf8('a'));
  expect(trace.recorded().flows[0]).toMatchObject({ hex: '61', omittedEvents: 0 });
});

test('what is recorded later does not change what was taken', () => {
  const trace = createTrace();
  const recording = trace.converse(label);
  recording.write(utf8('a'));
  const taken = trace.recorded();
  recording.write(utf8('b'));
  expect(taken.flows).toMatchObject([{ hex: '61', totalBytes: 1, events: [{ type: 'write' }] }]);
});
