/**
 * One stream through every way of reading it. Imports the package by its name: under vitest that is the source, in a plain
 * Node process the built package.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { decode, decodeBatches } from '@socklab/framing';
import { decoderStream, framed } from '@socklab/framing/node';
import { frameDecoderStream } from '@socklab/framing/web';
import type { ByteCodec, Bytes } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';
import type { Socket } from 'node:net';

/** Takes the payloads of `chunks` to `take`, and throws what the surface throws. */
export type Surface = (codec: ByteCodec, chunks: readonly Bytes[], take: (payload: Uint8Array) => void) => void | Promise<void>;

async function* arriving(chunks: readonly Bytes[]): AsyncGenerator<Bytes> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield chunk;
  }
}

async function overSocket(
  codec: ByteCodec,
  chunks: readonly Bytes[],
  read: (messages: FramedSocket<Bytes, Uint8Array>) => Promise<void>,
): Promise<void> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const client = connect({ port, host: '127.0.0.1', noDelay: true });
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  try {
    for (const chunk of chunks) client.write(chunk);
    client.end();
    await read(framed(socket, codec));
  } finally {
    socket.destroy();
    client.destroy();
  }
}

/** Every surface by name. */
export const SURFACES: Readonly<Record<string, Surface>> = {
  'push and next': (codec, chunks, take) => {
    const decoder = codec.createDecoder();
    const drain = (): void => {
      for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) take(payload);
    };
    for (const chunk of chunks) {
      decoder.push(chunk);
      drain();
    }
    decoder.end();
    drain();
  },
  'push and advance': (codec, chunks, take) => {
    const decoder = codec.createDecoder();
    const drain = (): void => {
      while (decoder.advance()) take(decoder.payloadMemory.slice(decoder.payloadStart, decoder.payloadEnd));
    };
    for (const chunk of chunks) {
      decoder.push(chunk);
      drain();
    }
    decoder.end();
    drain();
  },
  'decode, sync': (codec, chunks, take) => {
    for (const payload of decode(codec, chunks)) take(payload);
  },
  'decode, sync, all chunks in one step': (codec, chunks, take) => {
    for (const payload of decode(codec, [chunks])) take(payload);
  },
  'decode, async': async (codec, chunks, take) => {
    for await (const payload of decode(codec, arriving(chunks))) take(payload);
  },
  'decodeBatches, sync': (codec, chunks, take) => {
    for (const batch of decodeBatches(codec, chunks)) for (const payload of batch) take(payload);
  },
  'decodeBatches, async': async (codec, chunks, take) => {
    for await (const batch of decodeBatches(codec, arriving(chunks))) for (const payload of batch) take(payload);
  },
  "decoderStream, 'data'": async (codec, chunks, take) => {
    const stream = Readable.from(chunks, { objectMode: false }).pipe(decoderStream(codec));
    stream.on('data', take);
    await once(stream, 'end');
  },
  'decoderStream, for await': async (codec, chunks, take) => {
    const stream = Readable.from(chunks, { objectMode: false }).pipe(decoderStream(codec));
    for await (const payload of stream as AsyncIterable<Uint8Array>) take(payload);
  },
  "decoderStream, 'readable'": async (codec, chunks, take) => {
    const stream = Readable.from(chunks, { objectMode: false }).pipe(decoderStream(codec));
    stream.on('readable', () => {
      for (let payload = stream.read() as Uint8Array | null; payload !== null; payload = stream.read() as Uint8Array | null) take(payload);
    });
    await once(stream, 'end');
  },
  frameDecoderStream: async (codec, chunks, take) => {
    for await (const payload of ReadableStream.from(chunks).pipeThrough(frameDecoderStream(codec))) take(payload);
  },
  'frameDecoderStream, batch': async (codec, chunks, take) => {
    const stream = ReadableStream.from(chunks).pipeThrough(frameDecoderStream(codec, { batch: true }));
    for await (const batch of stream) for (const payload of batch) take(payload);
  },
  'framed, for await': async (codec, chunks, take) => {
    await overSocket(codec, chunks, async (messages) => {
      for await (const payload of messages) take(payload);
    });
  },
  'framed, batches': async (codec, chunks, take) => {
    await overSocket(codec, chunks, async (messages) => {
      for await (const batch of messages.batches()) for (const payload of batch) take(payload);
    });
  },
};

/** What came out of a surface: payloads in hex, then how it ended. */
export interface Outcome {
  readonly payloads: readonly string[];
  /** The code of the error, or `end`. */
  readonly ending: string;
}

/** Runs `surface` to its end. */
export async function outcomeOf(surface: Surface, codec: ByteCodec, chunks: readonly Bytes[]): Promise<Outcome> {
  const payloads: string[] = [];
  const take = (payload: Uint8Array): void => void payloads.push(hexOf(payload));
  try {
    await surface(codec, chunks, take);
    return { payloads, ending: 'end' };
  } catch (error) {
    return { payloads, ending: (error as { code?: string }).code ?? String(error) };
  }
}

/** Bytes in hex. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
