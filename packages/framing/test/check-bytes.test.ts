/** What is no bytes is one clear TypeError, on every surface of every codec: never zeros, silence or an error about something else. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import * as framing from '../src/index.ts';
import { decoderStream, encoderStream, framed } from '../src/node.ts';
import { frameDecoderStream, frameEncoderStream } from '../src/web.ts';
import { bytes, drain, text } from './support/bytes.ts';
import type { ByteCodec, Bytes, Codec } from '../src/index.ts';

const { constant, createFrameWriter, decode, decodeBatches, encode, encodeBatches, frame, json, line, ndjson, u32be, utf8, withPayload } =
  framing;

/** Codecs of bytes by name: every framing, and what needs options. */
const CODECS: Readonly<Record<string, ByteCodec>> = {
  ...Object.fromEntries(framing.FRAMINGS.map(({ name, create }) => [name, create()])),
  delimited: framing.delimited({ delimiters: ';' }),
  'delimited, kept': framing.delimited({ delimiters: [';', ','], strip: false }),
  fixed: framing.fixed(2),
  custom: framing.custom({ name: 'custom', measure: (_, start, end) => end - start }),
  'octetCounted, fallback': framing.octetCounted({ fallback: 'lf' }),
  erlang: framing.erlang({ packet: 2 }),
  postgresStartup: framing.postgresStartup(),
  tpkt: framing.tpkt(),
  fromNetty: framing.fromNetty({ maxFrameLength: 100, lengthFieldOffset: 0, lengthFieldLength: 2 }),
  'frame, constants': frame({ header: { magic: constant(1, 2), length: u32be }, trailer: constant(3) }),
  'frame, padding': frame({ header: { length: u32be }, padding: { to: 4 } }),
};

/** Codecs whose payloads come with fields. */
const FIELDS: readonly Codec<unknown, never>[] = [
  framing.modbus(),
  framing.grpc(),
  framing.mqtt(),
  framing.postgres(),
  framing.mysql(),
  framing.mongodb(),
  framing.amqp(),
];

/** What was given, and how the error calls it. */
const NO_BYTES: readonly (readonly [unknown, string])[] = [
  ['hi', 'the string "hi"'],
  ['a text of more than twenty characters', 'the string "a text of more than …"'],
  [258, 'the number 258'],
  [[104, 300], 'an Array'],
  [undefined, 'undefined'],
  [null, 'null'],
  [{ length: 2 }, 'an Object'],
  [new ArrayBuffer(2), 'an ArrayBuffer'],
  [new DataView(new ArrayBuffer(2)), 'a DataView'],
  [new Uint16Array(2), 'a Uint16Array'],
  [true, 'the boolean true'],
  [() => 2, 'a function'],
];

const codecs = Object.entries(CODECS);

test.each(codecs)('%s: encode and encodeInto throw a TypeError that names what was given, and leave nothing behind', (_, codec) => {
  const writer = createFrameWriter();
  for (const [given, name] of NO_BYTES) {
    const expected = new TypeError(`a payload must be a Uint8Array, received ${name}`);
    expect(() => codec.encode(given as Bytes)).toThrow(expected);
    expect(() => codec.encodeInto(writer, given as Bytes)).toThrow(expected);
  }
  expect(writer.length).toBe(0);
});

test.each(codecs)('%s: push throws a TypeError that names what was given, and decoding goes on', (_, codec) => {
  const decoder = codec.createDecoder();
  for (const [given, name] of NO_BYTES) {
    expect(() => decoder.push(given as Bytes)).toThrow(new TypeError(`a chunk must be a Uint8Array, received ${name}`));
  }
  expect([decoder.next(), decoder.bufferedBytes]).toEqual([undefined, 0]);
  decoder.end();
});

test('push throws in the middle of a frame too, and the frame is whole nevertheless', () => {
  const decoder = framing.codecByName('u16be').createDecoder();
  for (const chunk of [Uint8Array.of(0), Uint8Array.of(5), bytes('he'), bytes('llo')]) {
    for (const [given] of NO_BYTES) expect(() => decoder.push(given as Bytes)).toThrow(TypeError);
    decoder.push(chunk);
    for (const [given] of NO_BYTES) expect(() => decoder.push(given as Bytes)).toThrow(TypeError);
    if (chunk.length < 3) expect(decoder.next()).toBeUndefined();
  }
  expect(drain(decoder).map(text)).toEqual(['hello']);
});

test('bytes of another realm, shared bytes and Buffers are bytes', async () => {
  const { runInNewContext } = await import('node:vm');
  const foreign = runInNewContext('new Uint8Array([104, 105])') as Bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(2)).fill(0x68);
  for (const [payload, expected] of [
    [foreign, 'hi\n'],
    [shared, 'hh\n'],
    [Buffer.from('hi'), 'hi\n'],
  ] as const) {
    const wire = line().encode(payload);
    expect(text(wire)).toBe(expected);
    const decoder = line().createDecoder();
    decoder.push(payload);
    expect(decoder.bufferedBytes).toBe(2);
  }
});

test.each(FIELDS.map((codec) => ({ name: codec.name, codec })))(
  '$name: what is no header with a payload is a TypeError that names the fields',
  ({ codec }) => {
    const writer = createFrameWriter();
    for (const [given, seen] of [
      ...NO_BYTES,
      [bytes('hi'), 'a Uint8Array'],
      [{ payload: bytes('hi') }, 'an Object'],
      [{ header: 1, payload: bytes('hi') }, 'one with the number 1 as its header'],
      [{ header: null, payload: bytes('hi') }, 'one with null as its header'],
    ] as const) {
      const expected = new RegExp(
        `^${codec.name} carries objects \\{ header: \\{ [a-zA-Z, ]+ \\}, payload \\}, received ${seen.replaceAll('"', '\\"')}$`,
      );
      expect(() => codec.encode(given as never)).toThrow(expected);
      expect(() => codec.encodeInto(writer, given as never)).toThrow(TypeError);
    }
    for (const [given, name] of NO_BYTES) {
      const message = { header: {}, payload: given };
      expect(() => codec.encode(message as never)).toThrow(new TypeError(`a payload must be a Uint8Array, received ${name}`));
      expect(() => codec.createDecoder().push(given as Bytes)).toThrow(new TypeError(`a chunk must be a Uint8Array, received ${name}`));
    }
    expect(writer.length).toBe(0);
  },
);

test('a payload codec that makes no bytes is a TypeError, and one that is given something else says so', () => {
  const wrong = withPayload(line(), { name: 'wrong', decode: text, encode: (value: string) => value as unknown as Bytes });
  expect(() => wrong.encode('hi')).toThrow(new TypeError('a payload must be a Uint8Array, received the string "hi"'));
  const asText = withPayload(line(), utf8());
  for (const [given, name] of [
    [258, 'the number 258'],
    [bytes('hi'), 'a Uint8Array'],
    [undefined, 'undefined'],
  ] as const) {
    expect(() => asText.encode(given as unknown as string)).toThrow(`text must be a string, received ${name}`);
  }
  for (const codec of [asText, withPayload(line(), json()), ndjson()]) {
    expect(() => codec.createDecoder().push('hi' as unknown as Bytes)).toThrow(
      new TypeError('a chunk must be a Uint8Array, received the string "hi"'),
    );
  }
});

/** What a surface does with one payload, chunk or list that is none. */
type Use = (codec: ByteCodec, given: never) => unknown;

const PAYLOAD_SURFACES: Readonly<Record<string, Use>> = {
  encode: (codec, given) => [...encode(codec, [given])],
  'encode, async': async (codec, given) => arrived(encode(codec, asAsync(given))),
  encodeBatches: (codec, given) => [...encodeBatches(codec, [[bytes('ok'), given]])],
  'encodeBatches, async': async (codec, given) => arrived(encodeBatches(codec, asAsync([given] as never))),
  encoderStream: async (codec, given) => {
    const stream = encoderStream(codec).resume();
    stream.write(given);
    await once(stream, 'end');
  },
  frameEncoderStream: async (codec, given) => arrived(ReadableStream.from([given]).pipeThrough(frameEncoderStream(codec))),
  'frameEncoderStream, batch': async (codec, given) =>
    arrived(ReadableStream.from([[given]]).pipeThrough(frameEncoderStream(codec, { batch: true }))),
  'framed, send': async (codec, given) => overSocket(codec, (messages) => messages.send(given)),
  'framed, sendBatch': async (codec, given) => overSocket(codec, (messages) => messages.sendBatch([bytes('ok'), given])),
};

test.each(Object.entries(PAYLOAD_SURFACES))('%s: a payload that is no bytes is the TypeError of encode', async (surface, use) => {
  for (const [given, name] of NO_BYTES) {
    // A stream's own end, and its own error.
    if (given === null && surface.includes('Stream')) continue;
    if (given === null && surface.includes('async')) continue;
    await expect((async () => use(line(), given as never))()).rejects.toEqual(
      new TypeError(`a payload must be a Uint8Array, received ${name}`),
    );
  }
});

const CHUNK_SURFACES: Readonly<Record<string, Use>> = {
  decode: (codec, given) => [...decode(codec, [given])],
  'decode, async': async (codec, given) => arrived(decode(codec, asAsync(given))),
  decodeBatches: (codec, given) => [...decodeBatches(codec, [given])],
  'decodeBatches, async': async (codec, given) => arrived(decodeBatches(codec, asAsync(given))),
  frameDecoderStream: async (codec, given) => arrived(ReadableStream.from([given]).pipeThrough(frameDecoderStream(codec))),
  'frameDecoderStream, batch': async (codec, given) =>
    arrived(ReadableStream.from([given]).pipeThrough(frameDecoderStream(codec, { batch: true }))),
};

test.each(Object.entries(CHUNK_SURFACES))('%s: a chunk that is no bytes is the TypeError of push', async (_, use) => {
  for (const [given, name] of NO_BYTES) {
    if (given === null) continue;
    // Here, several chunks may come in a list.
    const seen = Array.isArray(given) ? 'the number 104' : name;
    await expect((async () => use(line(), given as never))()).rejects.toEqual(
      new TypeError(`a chunk must be a Uint8Array, received ${seen}`),
    );
  }
});

test('decoderStream refuses text, which a stream with an encoding brings', async () => {
  const stream = Readable.from([bytes('hi\n')], { objectMode: false })
    .setEncoding('utf8')
    .pipe(decoderStream(line()).resume());
  expect(await once(stream, 'end').catch((error: unknown) => error)).toEqual(
    new TypeError('a chunk must be a Uint8Array, received the string "hi\\n"'),
  );
});

test('framed refuses a socket that decodes to text, at once or as soon as it does', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  pair.client.write('one\n');
  expect((await messages.nextBatch())?.map(text)).toEqual(['one']);
  pair.server.setEncoding('utf8');
  pair.client.write('two\n');
  const expected = new TypeError('a chunk must be a Uint8Array, received the string "two\\n"');
  await expect(messages.nextBatch()).rejects.toEqual(expected);
  await expect(messages.nextBatch()).rejects.toEqual(expected);
  expect(() => framed(pair.server, line())).toThrow(
    new TypeError('the socket must deliver bytes, but setEncoding("utf8") was called on it'),
  );
});

test('a list where one is needed, and one where a list is needed, is a TypeError', async () => {
  const batch = bytes('ab');
  for (const [given, name] of [
    [batch, 'a Uint8Array'],
    ['ab', 'the string "ab"'],
    [1, 'the number 1'],
    [undefined, 'undefined'],
    [new Set([batch]), 'a Set'],
  ] as const) {
    const wrong = given as never;
    expect(() => [...encodeBatches(line(), [wrong])]).toThrow(notABatch(name));
    await expect(arrived(encodeBatches(line(), asAsync(wrong)))).rejects.toEqual(notABatch(name));
    await expect(overSocket(line(), (messages) => messages.sendBatch(wrong))).rejects.toEqual(notABatch(name));
    const stream = ReadableStream.from([wrong]).pipeThrough(frameEncoderStream(line(), { batch: true }));
    await expect(arrived(stream)).rejects.toEqual(notABatch(name));
    if (given instanceof Set) continue;
    expect(() => encode(line(), wrong)).toThrow(notIterable('payloads', name));
    expect(() => encodeBatches(line(), wrong)).toThrow(notIterable('batches', name));
    expect(() => decode(line(), wrong)).toThrow(notIterable('chunks', name));
    expect(() => decodeBatches(line(), wrong)).toThrow(notIterable('chunks', name));
  }
});

function notABatch(name: string): TypeError {
  return new TypeError(`a batch must be an array of payloads, received ${name}`);
}

function notIterable(what: string, name: string): TypeError {
  return new TypeError(`${what} must come in an iterable or an async iterable, received ${name}`);
}

async function* asAsync(item: never): AsyncGenerator<never> {
  yield item;
}

async function arrived(source: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const item of source) seen.push(item);
  return seen;
}

async function overSocket(
  codec: ByteCodec,
  send: (messages: ReturnType<typeof framed<Bytes, Uint8Array>>) => Promise<void>,
): Promise<void> {
  await using pair = await socketPair();
  const messages = framed(pair.server, codec);
  try {
    await send(messages);
  } finally {
    expect(messages.framesOut).toBe(0);
  }
}
