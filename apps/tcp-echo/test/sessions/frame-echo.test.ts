import { FRAMINGS, codecByName, createFrameWriter } from '@socklab/framing';
import { drip, everySplit, randomSplits } from '@socklab/framing/testing';
import { describe, expect, test } from 'vitest';
import { framingOf } from '../../src/options.ts';
import { echo } from '../../src/sessions/echo.ts';
import { carriesEmpty, idleBytesOf } from './framings.ts';
import { TestStream } from './session-stream.ts';
import type { StreamHandler } from '../../src/session.ts';
import type { Bytes } from '@socklab/framing';

const text = (...texts: readonly string[]): Buffer[] => texts.map((each) => Buffer.from(each));

function openEcho(framing: string, maxFrame = 65_536): { stream: TestStream; handler: StreamHandler } {
  const stream = new TestStream();
  const session = echo(framingOf({ framing, maxFrame }));
  if (session.kind !== 'stream') throw new TypeError('echo is no stream session');
  return { stream, handler: session.open(stream) };
}

// One memory for all reads, as the link has it, so that nothing kept from an earlier read goes unnoticed.
const memory = Buffer.alloc(65_536);

function feed(handler: StreamHandler, chunks: Iterable<Uint8Array>): void {
  for (const chunk of chunks) {
    memory.set(chunk);
    try {
      handler.bytes(memory, chunk.length);
    } finally {
      memory.fill(0xee, 0, chunk.length);
    }
  }
}

function wireOf(framing: string, payloads: readonly Uint8Array[]): Bytes {
  const writer = createFrameWriter();
  const codec = codecByName(framing);
  for (const payload of payloads) codec.encodeInto(writer, payload);
  return writer.take();
}

describe.each(FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries))('$name', (framing) => {
  const { name, exampleFrames } = framing;
  const payloads = exampleFrames?.slice(0, 4) ?? text('one', ...(carriesEmpty(framing) ? [''] : []), '哈哈', 'x'.repeat(40));
  const wire = wireOf(name, payloads);

  test('the same bytes come back however they are cut: at every place, byte by byte, at random', () => {
    for (const chunks of [...everySplit(wire), drip(wire), ...randomSplits(wire, { seed: 7, count: 200 })]) {
      const { stream, handler } = openEcho(name);
      feed(handler, chunks);
      expect(stream.sent.equals(wire), `cut in ${chunks.map(({ length }) => length).join(' ')}`).toBe(true);
      expect([handler.messagesIn, handler.messagesOut]).toEqual([payloads.length, payloads.length]);
      handler.ended();
      expect(stream.finished).toBe('peer-ended');
    }
  });

  test('one read is answered by one write', () => {
    const { stream, handler } = openEcho(name);
    feed(handler, [wire]);
    expect(stream.writes).toBe(1);
  });

  test('a part of a message is not answered, and is told of until it is complete', () => {
    const { stream, handler } = openEcho(name);
    const first = wireOf(name, payloads.slice(0, 1));
    // What is idle before a frame begins no message.
    const part = 1 + idleBytesOf(framing);
    feed(handler, [first.subarray(0, part)]);
    expect([stream.writes, handler.messagesIn]).toEqual([0, 0]);
    if (first.length > part) expect(handler.partialBytes).toBeGreaterThan(0);
    feed(handler, [first.subarray(part)]);
    expect([stream.writes, handler.partialBytes]).toEqual([1, 0]);
  });
});

/** What breaks a format in the middle of a stream. */
const FAULTS = [
  ['u32be', 'ffffffff', 'FRAME_ERR_TOO_LARGE'],
  ['i32le', 'ffffffff', 'FRAME_ERR_MALFORMED_LENGTH'],
  ['netstring', Buffer.from('3:abc;').toString('hex'), 'FRAME_ERR_BAD_TRAILER'],
  ['protobuf', 'ffffffffffffffffffffffff', expect.stringMatching(/^FRAME_ERR_/)],
  ['content-length', Buffer.from('Content-Length: x\r\n\r\n').toString('hex'), 'FRAME_ERR_MALFORMED_LENGTH'],
  ['line', Buffer.from('x'.repeat(101)).toString('hex'), 'FRAME_ERR_TOO_LARGE'],
] as const;

test.each(FAULTS)('%s: what was complete before a fault is answered first, at every cut', (name, fault, code) => {
  const whole = wireOf(name, text('one', 'two', 'three'));
  const wire = Buffer.concat([whole, Buffer.from(fault, 'hex')]);
  for (const chunks of [...everySplit(wire), drip(wire), ...randomSplits(wire, { seed: 11, count: 100 })]) {
    const { stream, handler } = openEcho(name, 100);
    expect(() => feed(handler, chunks)).toThrow(expect.objectContaining({ code }));
    expect(stream.sent.equals(whole), `cut in ${chunks.map(({ length }) => length).join(' ')}`).toBe(true);
    expect([handler.messagesIn, handler.messagesOut]).toEqual([3, 3]);
  }
});

test('an end inside a message is FRAME_ERR_TRUNCATED, at every place inside', () => {
  const whole = wireOf('u32be', text('one'));
  for (let at = 1; at < whole.length; at++) {
    const { stream, handler } = openEcho('u32be');
    feed(handler, [whole, whole.subarray(0, at)]);
    expect(() => handler.ended()).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TRUNCATED' }));
    expect(stream.sent).toEqual(Buffer.from(whole));
  }
});

test('a last line that nothing ends is answered at the end', () => {
  const { stream, handler } = openEcho('line');
  feed(handler, text('one\r\ntwo\nthr', 'ee'));
  expect(stream.sent.toString()).toBe('one\ntwo\n');
  handler.ended();
  expect(stream.sent.toString()).toBe('one\ntwo\nthree\n');
  expect(stream.finished).toBe('peer-ended');
});

test('frames that wait in two connections by turns do not get into each other', () => {
  const first = openEcho('u32be');
  const second = openEcho('u32be');
  const [left, right] = [wireOf('u32be', text('l'.repeat(3000))), wireOf('u32be', text('r'.repeat(5000)))];
  for (let at = 0; at < right.length; at += 7) {
    feed(first.handler, [left.subarray(at, at + 7)]);
    feed(second.handler, [right.subarray(at, at + 7)]);
  }
  expect(first.stream.sent.equals(left)).toBe(true);
  expect(second.stream.sent.equals(right)).toBe(true);
});

/** Formats whose frames may have any size, with payloads of any bytes. */
const ANY_SIZE = FRAMINGS.filter(({ keepsBoundaries, exampleFrames, maxPayloadBytes }) => {
  return keepsBoundaries && exampleFrames === undefined && maxPayloadBytes >= 200_000;
}).map(({ name }) => name);

test.each(ANY_SIZE)('%s: a large frame that reads cut, with others behind it, reaches its own connection and nobody else', (framing) => {
  // Sizes around those of a read and of the memory that answers are made in: alone, and with a whole frame behind them.
  for (const first of [1, 10_000, 40_000, 60_000, 65_536, 81_920, 200_000]) {
    for (const second of [1, 30_000, 50_000, 65_000]) {
      const own = openEcho(framing, 262_144);
      const other = openEcho(framing, 262_144);
      const wire = wireOf(framing, text('a'.repeat(first), 'b'.repeat(second)));
      const cut = Math.floor(first / 2);
      feed(own.handler, [...inReads(wire.subarray(0, cut)), ...inReads(wire.subarray(cut))]);
      const hi = wireOf(framing, text('hi'));
      feed(other.handler, [hi.subarray(0, 1), hi.subarray(1)]);
      expect(own.stream.sent.equals(wire), `${first} and ${second} bytes`).toBe(true);
      expect(other.stream.sent).toEqual(Buffer.from(hi));
    }
  }
});

function inReads(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) => bytes.subarray(index * 65_536, (index + 1) * 65_536));
}

test.each(['u32be', 'line'])('%s: an answer that cannot be sent is left to no other connection', (framing) => {
  for (const size of [10, 20_000]) {
    const failing = openEcho(framing);
    failing.stream.failure = new Error('cannot be sent');
    const wire = wireOf(framing, text('s'.repeat(size)));
    expect(() => feed(failing.handler, [wire.subarray(0, 5), wire.subarray(5)])).toThrow('cannot be sent');
    const other = openEcho(framing);
    const hi = wireOf(framing, text('hi'));
    feed(other.handler, [hi.subarray(0, 1), hi.subarray(1)]);
    expect(other.stream.sent).toEqual(Buffer.from(hi));
  }
});

test('raw bytes go back as they come, an empty read too', () => {
  const { stream, handler } = openEcho('raw');
  feed(handler, text('a', 'bc', ''));
  expect(stream.sent.toString()).toBe('abc');
  expect(handler.partialBytes).toBe(0);
});

test.each(['u32be', 'line'])('%s: answers that the system has not taken are not written over by those of others', (framing) => {
  const slow = openEcho(framing);
  slow.stream.keeps = true;
  const quick = openEcho(framing);
  const expected: Uint8Array[] = [];
  for (let round = 0; round < 20; round++) {
    const wire = wireOf(framing, text(`slow ${round} ${'s'.repeat(round * 50)}`));
    feed(slow.handler, [wire.subarray(0, 3), wire.subarray(3)]);
    const other = wireOf(framing, text(`quick ${'q'.repeat(2000)}`));
    feed(quick.handler, [other.subarray(0, 3), other.subarray(3)]);
    expected.push(wire);
  }
  expect(slow.stream.sent.equals(Buffer.concat(expected))).toBe(true);
});
