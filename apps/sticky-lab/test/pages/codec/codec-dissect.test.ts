import { readdirSync, readFileSync } from 'node:fs';
import { amqp, FRAMINGS, framingNames, grpc, modbus, mongodb, mqtt, mysql, postgres } from '@socklab/framing';
import { repoRoot } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { attempts } from '../../../src/pages/codec/attempts.ts';
import { contentOf, dissect, partsOf, partsOfFault } from '../../../src/pages/codec/dissect.ts';
import { encodeLines } from '../../../src/pages/codec/encode.ts';
import { EXAMPLES } from '../../../src/pages/codec/examples.ts';
import { FRAMING_SUMMARIES } from '../../../src/pages/codec/framing-summaries.ts';
import { readHex, showHex } from '../../../src/pages/codec/hex.ts';
import type { ShownPart } from '../../../src/pages/codec/parts/shown-part.ts';
import type { Bytes } from '@socklab/framing';

interface Vector {
  readonly framing: string;
  readonly wire: string;
  readonly payloads: readonly string[];
  readonly error: string | null;
  readonly neededBytes?: number;
  readonly maxPayloadBytes?: number;
}

const folder = new URL('packages/framing/vectors/', `file://${repoRoot}/`);
const vectors: readonly Vector[] = readdirSync(folder).flatMap((file) =>
  (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Omit<Vector, 'framing'>[]).map((vector) => ({
    ...vector,
    framing: file.replace('.json', ''),
  })),
);

function bytes(hex: string): Bytes {
  const reading = readHex(hex);
  if ('refusal' in reading) throw new Error(reading.refusal.en);
  return reading.bytes;
}

/** What a part looks like in a test: `length 5`, `field channel 1`. */
function shown({ kind, name, value }: ShownPart): string {
  return [kind, name, value].filter((word) => word !== undefined).join(' ');
}

function partsOfFirst(framing: string, hex: string): readonly string[] {
  const all = bytes(hex);
  const [frame] = dissect(all, framing).frames;
  return partsOf(all, framing, frame!, true).map(shown);
}

/** Framings whose payloads do not stand in their frames as they are, and `raw`, which has none. */
const STUFFED = ['raw', 'slip', 'cobs', 'websocket'];

describe('frames', () => {
  test.each(vectors)(
    'of the vector $framing $wire are those of the codec',
    ({ framing, wire, payloads, error, neededBytes, maxPayloadBytes }) => {
      const { frames, fault, rest } = dissect(bytes(wire), framing, { maxPayloadBytes });
      expect(frames.map(({ payload }) => showHex(payload, ''))).toEqual(payloads);
      const isTruncated = error === 'FRAME_ERR_TRUNCATED';
      expect(fault?.code).toBe(isTruncated ? undefined : (error ?? undefined));
      expect(rest?.isPartOfFrame ?? false).toBe(isTruncated);
      if (neededBytes !== undefined) expect(rest?.neededBytes).toBe(neededBytes);
    },
  );

  test.each(vectors)('of the vector $framing $wire are parts without a gap', ({ framing, wire, maxPayloadBytes }) => {
    const all = bytes(wire);
    const { frames } = dissect(all, framing, { maxPayloadBytes });
    for (const frame of frames) {
      const parts = partsOf(all, framing, frame, true);
      expect(parts[0]?.start).toBe(frame.start);
      expect(parts.at(-1)?.end).toBe(frame.end);
      for (const [index, { start }] of parts.slice(1).entries()) expect(start).toBe(parts[index]!.end);
    }
  });

  test.each(framingNames.filter((name) => !STUFFED.includes(name)))('of %s carry what stands in their payload parts', (framing) => {
    for (const { wire, maxPayloadBytes } of vectors.filter((vector) => vector.framing === framing)) {
      const all = bytes(wire);
      for (const frame of dissect(all, framing, { maxPayloadBytes }).frames) {
        const runs = partsOf(all, framing, frame, true).filter(({ kind }) => kind === 'payload');
        const payload = runs.map(({ start, end }) => showHex(all.subarray(start, end), '')).join('');
        expect(payload, `write the parts of ${framing} into FINDERS of parts/frame-parts.ts, or among STUFFED here`).toBe(
          showHex(contentOf(all, framing, frame), ''),
        );
      }
    }
  });

  test('of every framing have a summary in both languages', () => {
    for (const { name, summary } of FRAMINGS) {
      const where = `write ${name} into apps/sticky-lab/src/pages/codec/framing-summaries.ts`;
      expect(FRAMING_SUMMARIES.get(name), where).toMatchObject({ en: summary, zh: expect.stringMatching(/[\u4e00-\u9fff]/u) });
    }
  });

  test('of raw are whatever came at once', () => {
    expect(dissect(bytes('68 69'), 'raw').frames).toMatchObject([{ start: 0, end: 2 }]);
  });
});

describe('parts', () => {
  test.each([
    ['i32le', '02000000 6869', ['length 2', 'payload']],
    ['line', '6869 0d0a', ['payload', 'delimiter']],
    ['netstring', '323a68692c', ['length 2', 'delimiter', 'payload', 'trailer']],
    ['octet-counted', '32206869', ['length 2', 'delimiter', 'payload']],
    ['protobuf', `ac02${'00'.repeat(300)}`, ['length 300', 'payload']],
    ['slip', 'c0 01 dbdc 02 c0', ['delimiter', 'payload', 'escape c0', 'payload', 'delimiter']],
    ['cobs', '02 11 02 22 00', ['escape 2 → 00', 'payload', 'escape 2', 'payload', 'delimiter']],
    ['tpkt', '03000007 02f080', ['magic version', 'magic reserved', 'length 7', 'payload']],
    ['websocket', '8185 37fa213d 7f9f4d5158', ['field flags 129 FIN, text', 'length 5', 'field masking key', 'payload']],
    ['mqtt', '3006 000161e7b298', ['field typeAndFlags 48 PUBLISH, flags 0000', 'length 6', 'payload']],
    ['amqp', '08 0000 00000000 ce', ['field type 8 HEARTBEAT', 'field channel 0', 'length 0', 'trailer']],
    [
      'mongodb',
      '10000000 02000000 01000000 dd070000',
      ['length 16', 'field requestId 2', 'field responseTo 1', 'field opCode 2013 OP_MSG'],
    ],
    ['postgres', '5a 00000005 49', ["field type 90 'Z'", 'length 5', 'payload']],
    [
      'content-length',
      Buffer.from('X: y\r\nContent-Length: 2\r\n\r\nhi').toString('hex'),
      ['field X', 'field X', 'delimiter', 'field Content-Length', 'length 2', 'delimiter', 'delimiter', 'payload'],
    ],
  ])('of a frame of %s %s are named', (framing, hex, expected) => {
    expect(partsOfFirst(framing, hex)).toEqual(expected);
  });

  test.each([
    ['amqp', amqp()],
    ['mqtt', mqtt()],
    ['modbus', modbus()],
    ['grpc', grpc()],
    ['postgres', postgres()],
    ['mysql', mysql()],
    ['mongodb', mongodb()],
  ])('of %s say what the preset reads in the header', (framing, preset) => {
    for (const frame of FRAMINGS.find(({ name }) => name === framing)?.exampleFrames ?? []) {
      const decoder = preset.createDecoder();
      decoder.push(frame);
      const decoded = decoder.next();
      const fields = partsOf(frame, framing, { start: 0, end: frame.length }, true).filter(({ kind }) => kind === 'field');
      const read = Object.fromEntries(fields.map(({ name = '', value = '' }) => [name, Number.parseInt(value, 10)]));
      expect(read).toEqual(decoded?.header);
    }
  });

  test('of a WebSocket frame of a client are unmasked to what it meant', () => {
    const all = bytes('8185 37fa213d 7f9f4d5158');
    const [frame] = dissect(all, 'websocket').frames;
    expect(Buffer.from(contentOf(all, 'websocket', frame!)).toString()).toBe('Hello');
  });

  test('of a frame that is cut off at any byte are the beginning of those of the whole one', () => {
    for (const { name, exampleFrames, create } of FRAMINGS) {
      const [frame = create().encode(Uint8Array.of(0xdb, 0x68))] = exampleFrames ?? [];
      const whole = partsOf(frame, name, { start: 0, end: frame.length }, true);
      for (let end = 0; end < frame.length; end++) {
        const parts = partsOf(frame.slice(0, end), name, { start: 0, end }, false);
        for (const [index, part] of parts.entries()) {
          expect([name, end, part.start]).toEqual([name, end, whole[index]?.start]);
          expect(part.end).toBeLessThanOrEqual(Math.max(end, 0));
        }
      }
    }
  });
});

describe('a fault', () => {
  test('is at the byte that brings it, and marks the length that is wrong', () => {
    const { frames, fault } = dissect(bytes('0000000168 16030102 00010001'), 'u32be');
    expect(frames).toHaveLength(1);
    expect(fault).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', start: 5, at: 8, mark: { start: 5, end: 9 }, declared: 0x16030102 });
    expect(fault?.limit).toBe(1_048_576);
  });

  test('marks the byte itself where no length is to blame', () => {
    const netstring = bytes('323a68693b');
    const { fault } = dissect(netstring, 'netstring');
    expect(fault).toMatchObject({ code: 'FRAME_ERR_BAD_TRAILER', at: 4, mark: { start: 4, end: 5 } });
    expect(partsOfFault(netstring, 'netstring', fault!).map(shown)).toEqual(['length 2', 'delimiter', 'payload', 'trailer']);
    expect(dissect(bytes('030100'), 'tpkt').fault).toMatchObject({ code: 'FRAME_ERR_BAD_MAGIC', at: 1, mark: { start: 1, end: 2 } });
    expect(dissect(bytes('313278'), 'netstring').fault).toMatchObject({ code: 'FRAME_ERR_MALFORMED_LENGTH', mark: { start: 2, end: 3 } });
  });

  test('depends on the limit that is asked for', () => {
    const two = bytes('026869');
    expect(dissect(two, 'u8', { maxPayloadBytes: 2 }).fault).toBeUndefined();
    expect(dissect(two, 'u8', { maxPayloadBytes: 1 }).fault).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', limit: 1 });
  });
});

describe('what is left', () => {
  test('says how many bytes are missing', () => {
    expect(dissect(bytes('05000000 6865'), 'i32le').rest).toEqual({ start: 0, end: 6, isPartOfFrame: true, neededBytes: 3 });
    expect(dissect(bytes('6865'), 'line').rest).toMatchObject({ isPartOfFrame: true, neededBytes: undefined });
  });

  test('is no part of a frame where zeros only fill the time between frames', () => {
    expect(dissect(bytes('03686900 0000'), 'cobs').rest).toMatchObject({ start: 4, end: 6, isPartOfFrame: false });
  });

  test('is nothing where the last frame ends', () => {
    expect(dissect(bytes('6869 0a'), 'line').rest).toBeUndefined();
    expect(dissect(bytes(''), 'line')).toMatchObject({ frames: [], rest: undefined, fault: undefined });
  });
});

describe('attempts', () => {
  test('put the framing first that explains every byte with frames that carry something', () => {
    const [first] = attempts(bytes('0002 6869 0003 666f6f'));
    expect(first).toMatchObject({ framing: 'u16be', frames: 2, isExact: true, explainedBytes: 9 });
    expect(attempts(Buffer.from('5:hello,'))[0]).toMatchObject({ framing: 'netstring', isExact: true });
    expect(attempts(bytes('3006000161e7b298 c000'))[0]?.framing).toBe('mqtt');
  });

  test('put a framing first whose checks are met, before one in which nothing is left over by accident', () => {
    // A netstring with a line break in it and the begin of the next: to the last byte they are lines as well.
    const [first, ...others] = attempts(Buffer.from('1:\n,1:\n'));
    expect(first).toMatchObject({ framing: 'netstring', frames: 1, isExact: false });
    expect(others.find(({ framing }) => framing === 'line')).toMatchObject({ isExact: true });
    expect(first!.checkedBytes).toBeGreaterThan(0);
    expect(others.every(({ checkedBytes }) => checkedBytes <= first!.checkedBytes)).toBe(true);
    // A length alone is no evidence.
    for (const { framing, checkedBytes } of attempts(bytes('0002 6869'))) {
      if (/^[iu]\d+[bl]?e?$|varint/.test(framing)) expect([framing, checkedBytes]).toEqual([framing, 0]);
    }
    expect(attempts(Buffer.from('5:hello,'))[0]?.checkedBytes).toBeGreaterThan(0);
  });

  test('are one for each framing that keeps boundaries, and agree with a dissection', () => {
    const all = bytes('16 03 01 02 00 01 00 01 fc 03 03');
    const seen = attempts(all);
    expect(seen).toHaveLength(framingNames.length - 1);
    for (const { framing, frames, fault } of seen) {
      const dissection = dissect(all, framing);
      expect([framing, frames, fault]).toEqual([framing, dissection.frames.length, dissection.fault?.code]);
    }
  });
});

describe('encoding', () => {
  test.each(FRAMINGS.filter(({ name }) => name !== 'raw'))('payloads with $name gives bytes that are the same payloads again', (entry) => {
    const payloads = entry.exampleFrames ?? [Uint8Array.of(0x68, 0x69), Uint8Array.of(0xdb, 0x00, 0xc0)];
    const reading = encodeLines(payloads.map((payload) => showHex(payload)).join('\n'), 'hex', entry.name);
    if ('refusal' in reading) throw new Error(reading.refusal.en);
    expect(dissect(reading.bytes, entry.name).frames.map(({ payload }) => showHex(payload))).toEqual(
      payloads.map((payload) => showHex(payload)),
    );
  });

  test('takes an empty line for an empty payload, but not the end of the last one', () => {
    expect(encodeLines('hi\n\n', 'text', 'u8')).toEqual({ bytes: bytes('02 6869 00') });
    expect(encodeLines('', 'text', 'u8')).toEqual({ bytes: bytes('') });
  });

  test('says which payload cannot be carried, and why', () => {
    expect(encodeLines('a\nb\\n', 'text', 'line')).toMatchObject({
      refusal: { en: expect.stringMatching(/^payload 2: .*\(FRAME_ERR_PAYLOAD\)$/) },
    });
    expect(encodeLines('zz', 'hex', 'line')).toMatchObject({ refusal: { zh: expect.stringMatching(/^第 1 个载荷：/) } });
  });

  test('ends at the limit of the bench', () => {
    const line = 'x'.repeat(16_384);
    expect(encodeLines(`${line}\n${line}\n${line}\n${line}`, 'text', 'u16be')).toMatchObject({
      refusal: { en: expect.stringMatching(/65536/) },
    });
  });
});

test.each(EXAMPLES)('the example “$label.en” decodes as it says', ({ framing, hex }) => {
  const { frames, fault, rest } = dissect(bytes(hex), framing);
  expect(frames.length + Number(fault !== undefined) + Number(rest !== undefined)).toBeGreaterThan(0);
});
