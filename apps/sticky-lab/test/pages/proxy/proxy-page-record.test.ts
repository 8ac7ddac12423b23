import { NO_EVENTS } from '@socklab/lab/picture';
import { PLAN_USAGES, parseStreamPlan } from '@socklab/proxy';
import { describe, expect, test } from 'vitest';
import { FlowRecord } from '../../../src/pages/proxy/flow-record.ts';
import { PLAN_HELP } from '../../../src/pages/proxy/plan-help.ts';
import { flowOf, joinUpdate, MAX_RECORDED_BYTES, MAX_RECORDED_EVENTS } from '../../../src/pages/proxy/recorded.ts';

function read(record: FlowRecord, text: string, us = 1): void {
  const bytes = Buffer.from(text);
  record.read(bytes, bytes.length, us);
}

describe('a recording of one direction', () => {
  test('has each read, each piece, and each piece that was read, by the offsets of the stream', () => {
    const record = new FlowRecord(undefined);
    read(record, 'hello', 10);
    record.wrote(2, false, 11);
    record.writing(3, 12);
    record.wrote(3, true, 15);
    record.end(false, 20);
    expect(record.whole).toEqual({
      take: 0,
      after: { events: 0, messages: 0, shownBytes: 0 },
      events: [
        { type: 'came', us: 10, start: 0, end: 5 },
        { type: 'forwarded', us: 11, start: 0, end: 2 },
        { type: 'forwarded', us: 12, start: 2, end: 5 },
        { type: 'confirmed', us: 15, start: 2, end: 5 },
        { type: 'end', us: 20, side: 'sender', isReset: false },
      ],
      messages: [],
      omittedMessages: 0,
      hex: '68656c6c6f',
      totalBytes: 5,
      omittedEvents: 0,
      totals: { ...NO_EVENTS, came: 1, forwarded: 2, confirmed: 1 },
    });
    expect(flowOf(record.whole, 3, 'down')).toMatchObject({ id: 7, label: { en: 'target → client' }, hex: '68656c6c6f' });
  });

  test('finds frames however they are cut, and none after bytes that are not of the framing', () => {
    const record = new FlowRecord('netstring');
    for (const byte of '2:hi,3:abc,') read(record, byte);
    read(record, '1:x,nonsense2:hi,');
    expect(record.whole.messages).toEqual([
      { start: 0, end: 5 },
      { start: 5, end: 11 },
      { start: 11, end: 15 },
    ]);
  });

  test('keeps the first events and bytes, and counts the others', () => {
    const record = new FlowRecord(undefined);
    for (let count = 0; count < MAX_RECORDED_EVENTS + 7; count++) read(record, 'twenty bytes, or so.');
    const { events, hex, omittedEvents, totalBytes, totals } = record.whole;
    expect(events).toHaveLength(MAX_RECORDED_EVENTS);
    expect(omittedEvents).toBe(7);
    expect(totals.came).toBe(MAX_RECORDED_EVENTS + 7);
    expect(hex).toHaveLength(2 * MAX_RECORDED_BYTES);
    expect(totalBytes).toBe(20 * (MAX_RECORDED_EVENTS + 7));
  });

  test('begins anew where the stream is, and leaves out what was read before', () => {
    const record = new FlowRecord('u8');
    read(record, '\u0003abc\u0002d');
    record.wrote(2, false, 2);
    record.restart();
    record.wrote(4, false, 3);
    read(record, 'e\u0001f', 4);
    record.wrote(3, false, 5);
    expect(record.whole).toMatchObject({
      take: 1,
      events: [
        { type: 'came', us: 4, start: 0, end: 3 },
        { type: 'forwarded', us: 5, start: 0, end: 3 },
      ],
      // The frame that began before is not shown whole, so it is not shown.
      messages: [{ start: 1, end: 3 }],
      hex: '650166',
      totalBytes: 3,
    });
  });
});

describe('updates of a recording', () => {
  test('join to the whole, also when some are told twice', () => {
    const record = new FlowRecord('line');
    let known = joinUpdate(undefined, record.takeUpdate());
    const told = ['one\ntw', 'o\n', 'three\n'].map((text) => {
      read(record, text);
      return record.takeUpdate();
    });
    for (const update of [told[0]!, told[0]!, told[1]!, told[0]!, told[2]!, told[1]!]) known = joinUpdate(known, update);
    expect(known).toEqual(record.whole);
    expect(joinUpdate(known, record.whole)).toEqual(record.whole);
  });

  test('are nothing known when one between was missed, until the whole is told', () => {
    const record = new FlowRecord(undefined);
    read(record, 'a');
    const known = joinUpdate(undefined, record.takeUpdate());
    read(record, 'b');
    record.takeUpdate();
    read(record, 'c');
    expect(joinUpdate(known, record.takeUpdate())).toBeUndefined();
    expect(joinUpdate(undefined, record.whole)).toEqual(record.whole);
  });

  test('of a recording that began anew replace what was known, and older ones change nothing', () => {
    const record = new FlowRecord(undefined);
    read(record, 'old');
    const old = record.takeUpdate();
    record.restart();
    read(record, 'new');
    const known = joinUpdate(joinUpdate(undefined, old), record.takeUpdate());
    expect(known).toEqual(record.whole);
    expect(joinUpdate(known, old)).toBe(known);
  });
});

function names(texts: readonly string[]): readonly (string | undefined)[] {
  return texts.map((text) => text.split(/[: ]/)[0]);
}

test('the page explains every plan of the command line, with an example that is taken', () => {
  expect(names(PLAN_HELP.map(({ example }) => example))).toEqual(names(PLAN_USAGES));
  for (const { example } of PLAN_HELP) expect(parseStreamPlan(example).text).toBe(example);
});
