import { codecByName, FRAMINGS, framingOf } from '@socklab/framing';
import { expect, test } from 'vitest';
import { createFrameVerifier } from '../../src/call/verify/frames.ts';
import { createMessageCycle } from '../../src/call/verify/message-cycle.ts';
import { createStreamVerifier } from '../../src/call/verify/stream.ts';
import type { MessageCycle } from '../../src/call/verify/message-cycle.ts';

const DEPTH = 4;

function setUp(name: string, { seed = 1, sizes = { min: 3, max: 9 }, depth = DEPTH } = {}) {
  const framing = FRAMINGS.find((entry) => entry.name === name)!;
  const codec = codecByName(name);
  const cycle = createMessageCycle({ framing, codec, sizes, depth, seed });
  return {
    cycle,
    verifier: (first = 0) => (framing.keepsBoundaries ? createFrameVerifier(cycle, first, codec) : createStreamVerifier(cycle, first)),
  };
}

const wireOf = ({ wire, wireBounds }: MessageCycle, from: number, to: number): Buffer =>
  Buffer.from(wire.subarray(wireBounds[from], wireBounds[to]));
const payloadOf = ({ payloads, payloadBounds }: MessageCycle, index: number): Buffer =>
  payloads.subarray(payloadBounds[index], payloadBounds[index + 1]);

test('the same seed makes the same messages, another one others', () => {
  const [first, again, other] = [setUp('raw'), setUp('raw'), setUp('raw', { seed: 2 })];
  expect(again.cycle.payloads.equals(first.cycle.payloads)).toBe(true);
  expect(other.cycle.payloads.equals(first.cycle.payloads)).toBe(false);
});

test.each(['line', 'line:crlf', 'delimited:\\0', 'octet-counted:lf'])(
  '%s: payloads that the format refuses become ones that it carries',
  (text) => {
    const framing = framingOf(text);
    const codec = framing.create();
    const { wire, wireBounds, payloads, count } = createMessageCycle({ framing, codec, sizes: { min: 3, max: 9 }, depth: DEPTH, seed: 1 });
    const decoder = codec.createDecoder();
    decoder.push(wire);
    const decoded = Array.from({ length: count }, () => decoder.next());
    expect(Buffer.concat(decoded.filter((each) => each !== undefined)).equals(payloads)).toBe(true);
    expect(wireBounds[count]).toBe(wire.length);
  },
);

test('a cycle has every size of its range, and more messages than are in flight', () => {
  const { cycle } = setUp('raw', { sizes: { min: 2, max: 4 }, depth: 65_536 });
  const lengths = new Set(Array.from({ length: cycle.count }, (_, index) => payloadOf(cycle, index).length));
  expect([...lengths].toSorted((a, b) => a - b)).toEqual([2, 3, 4]);
  expect(cycle.count).toBeGreaterThan(65_536);
});

test.each(FRAMINGS)('$name: messages are accepted cut at every byte, around the end of the cycle too', ({ name }) => {
  const { cycle, verifier } = setUp(name);
  const first = cycle.count - 2;
  const wire = Buffer.concat([wireOf(cycle, first, cycle.count), wireOf(cycle, 0, 2)]);
  const expected = [first, first + 1, 0, 1].reduce((sum, index) => sum + payloadOf(cycle, index).length, 0);
  for (let cut = 0; cut <= wire.length; cut += 1) {
    const each = verifier(first);
    const before = each.accept(wire.subarray(0, cut), cut, 4);
    const after = each.accept(wire.subarray(cut), wire.length - cut, 4 - before);
    each.end();
    expect({ answered: before + after, fault: each.fault, bytes: each.answeredBytes, partial: each.partialBytes }).toEqual({
      answered: 4,
      fault: undefined,
      bytes: expected,
      partial: 0,
    });
  }
});

test('raw: each byte that is wrong is found at its place, wherever the answer is cut', () => {
  const { cycle, verifier } = setUp('raw');
  const wire = wireOf(cycle, 0, 3);
  for (let place = 0; place < wire.length; place += 1) {
    const wrong = Buffer.from(wire);
    wrong[place]! ^= 0xff;
    for (const cut of [0, place, place + 1, wire.length]) {
      const each = verifier();
      const before = each.accept(wrong.subarray(0, cut), cut, 3);
      if (each.fault === undefined) each.accept(wrong.subarray(cut), wire.length - cut, 3 - before);
      expect(each.fault).toMatchObject({ kind: 'mismatch', offset: place });
      expect(each.fault!.seenHex!.slice(0, 2)).toBe(wrong.toString('hex', place, place + 1));
      expect(each.fault!.expectedHex!.slice(0, 2)).toBe(wire.toString('hex', place, place + 1));
    }
  }
});

test('raw: a byte that is lost, or one too many in between, is a mismatch at its place', () => {
  const { cycle, verifier } = setUp('raw', { sizes: { min: 64, max: 64 } });
  const wire = wireOf(cycle, 0, 2);
  const lost = Buffer.concat([wire.subarray(0, 70), wire.subarray(71)]);
  const doubled = Buffer.concat([wire.subarray(0, 70), wire.subarray(69)]);
  for (const answer of [lost, doubled]) {
    const each = verifier();
    expect(each.accept(answer, answer.length, 2)).toBe(1);
    expect(each.fault).toMatchObject({ kind: 'mismatch', offset: 70 });
  }
});

test.each(['raw', 'u32be'])('%s: bytes beyond what was sent are unexpected, even those that would come next', (name) => {
  const { cycle, verifier } = setUp(name);
  const next = wireOf(cycle, 0, 3);
  const again = Buffer.concat([wireOf(cycle, 0, 2), wireOf(cycle, 0, 2)]);
  for (const answer of [next, again]) {
    const each = verifier();
    expect(each.accept(answer, answer.length, 2)).toBe(2);
    expect(each.fault).toMatchObject({ kind: 'unexpected' });
    expect(each.answeredBytes).toBe(payloadOf(cycle, 0).length + payloadOf(cycle, 1).length);
  }
  const early = verifier();
  expect(early.accept(next, 1, 0)).toBe(0);
  early.end();
  expect(early.fault).toMatchObject({ kind: 'unexpected' });
});

test('framed: a message out of order says whose it is', () => {
  const { cycle, verifier } = setUp('u32be', { sizes: { min: 64, max: 64 } });
  const later = Buffer.concat([wireOf(cycle, 1, 2), wireOf(cycle, 0, 1)]);
  const first = verifier();
  expect(first.accept(later, later.length, 2)).toBe(0);
  expect(first.fault).toMatchObject({ kind: 'mismatch', text: expect.stringMatching(/; it is the answer to the message 1 later$/) });
  const twice = Buffer.concat([wireOf(cycle, 0, 1), wireOf(cycle, 0, 1)]);
  const second = verifier();
  expect(second.accept(twice, twice.length, 2)).toBe(1);
  expect(second.fault).toMatchObject({ kind: 'mismatch', text: expect.stringMatching(/; it is the answer to the message 1 earlier$/) });
});

test('framed: a message that is too short says both lengths and where it ends', () => {
  const { cycle, verifier } = setUp('u32be', { sizes: { min: 64, max: 64 } });
  const answer = Buffer.from(codecByName('u32be').encode(payloadOf(cycle, 0).subarray(0, 63)));
  const each = verifier();
  expect(each.accept(answer, answer.length, 1)).toBe(0);
  expect(each.fault).toMatchObject({ kind: 'mismatch', offset: 63, seenHex: '' });
  expect(each.fault!.text).toMatch(/^the answer is wrong from byte 63, of 63 bytes instead of 64: expected [0-9a-f]{2}, received $/);
});

test('framed: bytes that break the framing are a frame error with its code', () => {
  const { verifier } = setUp('u32be');
  const each = verifier();
  each.accept(Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 26, 1);
  expect(each.fault).toMatchObject({
    kind: 'frame-error',
    text: expect.stringContaining('(FRAME_ERR_TOO_LARGE)'),
    seenHex: expect.stringMatching(/^48 54 54 50 /),
  });
});
