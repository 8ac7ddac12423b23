import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createPartsDecoder, PARTS_END } from '../../src/frame/parts-decoder.ts';
import { codecOf, constant, fieldsCodecOf, frame, FrameError, FRAMINGS, lengthPrefixed, line, u32be, u8, xor } from '../../src/index.ts';
import { drip, everySplit, sticky } from '../../src/testing.ts';
import { FILES } from '../layout/files.ts';
import { bytes, frameErrorOf, fromHex, toHex } from '../support/bytes.ts';
import { packageFolder } from '../support/package-folder.ts';
import type { Bytes, BytesIn, Codec, FramedLayout, Layout } from '../../src/index.ts';

/** Complete payloads in hex, with their header, and the error that ended them. */
interface Outcome {
  readonly payloads: readonly unknown[];
  readonly error: unknown;
}

function factsOf(error: unknown): unknown {
  if (!(error instanceof FrameError)) throw error;
  const { code, offset, frameIndex, limit } = error;
  return code === 'FRAME_ERR_TRUNCATED' ? { code, offset, frameIndex } : { code, offset, frameIndex, limit };
}

function whole(codec: Codec<unknown, never>, chunks: Iterable<BytesIn>): Outcome {
  const decoder = codec.createDecoder();
  const payloads: unknown[] = [];
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let next = decoder.next(); next !== undefined; next = decoder.next()) {
        payloads.push(next instanceof Uint8Array ? [undefined, toHex(next)] : fieldsOf(next as { header: object; payload: Bytes }));
      }
    }
    decoder.end();
  } catch (error) {
    return { payloads, error: factsOf(error) };
  }
  return { payloads, error: undefined };
}

function fieldsOf({ header, payload }: { readonly header: object; readonly payload: Bytes }): unknown {
  return [header, toHex(payload)];
}

function inParts(codec: Codec<unknown, never>, chunks: Iterable<BytesIn>): Outcome {
  const decoder = createPartsDecoder(codec);
  const payloads: unknown[] = [];
  let [header, parts]: [unknown, Bytes[]] = [undefined, []];
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let step = decoder.next(); step !== undefined; step = decoder.next()) {
        if (step === PARTS_END) payloads.push([header, toHex(sticky(parts))]);
        else if (step instanceof Uint8Array) parts.push(step);
        else [header, parts] = [step.header, []];
      }
      expect(decoder.bufferedBytes).toBeLessThanOrEqual(256);
    }
    decoder.end();
  } catch (error) {
    return { payloads, error: factsOf(error) };
  }
  return { payloads, error: undefined };
}

function isFramed(layout: Layout): layout is FramedLayout {
  return layout.kind === 'frame';
}

function payloadCodec(layout: FramedLayout): Codec<unknown, never> {
  const hasFields = layout.header.some((part) => part.name !== 'length' && ('field' in part || 'opaque' in part));
  return hasFields ? fieldsCodecOf(layout) : codecOf({ ...layout, emit: 'payload' });
}

/** Streams of its vectors or examples, and the first of them with bytes changed. */
function streamsOf({ name, examples }: FramedLayout): readonly Bytes[] {
  const streams = examples === undefined ? vectorsOf(name!) : [sticky(examples.map(fromHex))];
  const changed = Array.from(streams[0]!.subarray(0, 24), (_, at) => streams[0]!.map((byte, index) => (index === at ? byte ^ 0x41 : byte)));
  return [...streams, ...changed];
}

function vectorsOf(name: string): readonly Bytes[] {
  const vectors = JSON.parse(readFileSync(`${packageFolder}/vectors/${name}.json`, 'utf8')) as readonly { readonly wire: string }[];
  return vectors.map(({ wire }) => fromHex(wire));
}

const LAYOUTS = [...FRAMINGS.map(({ layout }) => layout), ...FILES.values()].filter(isFramed);

test.each(LAYOUTS)('$name: payloads in parts are those of whole messages, and so are the faults, at every cut', (layout) => {
  const codec = payloadCodec(layout);
  for (const stream of streamsOf(layout)) {
    const expected = whole(codec, [stream]);
    for (const chunks of [[stream], drip(stream), ...everySplit(stream)]) expect(inParts(codec, chunks)).toEqual(expected);
  }
});

test('checksums are taken over parts, padding belongs to none, idle bytes to no frame', () => {
  const codec = frame({
    header: { start: constant(0x68), length: u8 },
    idle: constant(0xfe),
    padding: { to: 4 },
    trailer: [xor({ covers: 'headerAndPayload' }), constant(0x16)],
  });
  const wire = sticky([fromHex('fefe'), codec.encode(bytes('hello')), fromHex('fe'), codec.encode(bytes(''))]);
  for (const chunks of [[wire], drip(wire), ...everySplit(wire)]) {
    expect(inParts(codec, chunks)).toEqual({
      payloads: [
        [undefined, '68 65 6c 6c 6f'],
        [undefined, ''],
      ],
      error: undefined,
    });
  }
  const wrong = wire.map((byte, at) => (at === 5 ? byte ^ 1 : byte));
  for (const chunks of [[wrong], drip(wrong)]) {
    expect(inParts(codec, chunks).error).toMatchObject({ code: 'FRAME_ERR_BAD_CHECKSUM', offset: 2, frameIndex: 0 });
  }
});

test('an error shows the header, where the frame is, and what a whole message would be refused for', () => {
  const codec = lengthPrefixed({ length: u32be, maxPayloadBytes: 5 });
  const wire = sticky([codec.encode(bytes('hello')), fromHex('00000006')]);
  const decoder = createPartsDecoder(codec);
  decoder.push(wire);
  const error = frameErrorOf(() => {
    for (let step = decoder.next(); step !== undefined; step = decoder.next());
  });
  expect(error.message).toBe('payload of 6 bytes, limit 5 (frame 1 at byte 9, which starts with 00 00 00 06)');
  expect(error).toMatchObject({ declared: 6, limit: 5 });
  expect(() => decoder.next()).toThrow(error);
});

test('detach() gives back what was not decoded, and begins anew', () => {
  const decoder = createPartsDecoder(lengthPrefixed({ length: u32be }));
  decoder.push(fromHex('00000003 61'));
  expect([decoder.next(), decoder.next(), decoder.next()]).toEqual([{ byteLength: 3, header: undefined }, bytes('a'), undefined]);
  expect([decoder.isInside, decoder.neededBytes, decoder.bufferedBytes]).toEqual([true, 2, 0]);
  decoder.push(bytes('bcd'));
  expect(decoder.next()).toEqual(bytes('bc'));
  expect(decoder.next()).toBe(PARTS_END);
  expect(toHex(decoder.detach())).toBe('64');
  expect([decoder.isInside, decoder.neededBytes]).toEqual([false, 4]);
});

test('a format without a length before its payload is refused by name', () => {
  expect(() => createPartsDecoder(line())).toThrow(
    'line cannot be read in parts; allowed: formats whose header says how long a payload is',
  );
});
