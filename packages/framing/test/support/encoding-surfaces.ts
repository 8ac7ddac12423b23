/** The same payloads through every way of writing. Imports the package by its name, as `surfaces.ts` does. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { createFrameWriter, encode, encodeBatches } from '@socklab/framing';
import { encoderStream, framed } from '@socklab/framing/node';
import { sticky } from '@socklab/framing/testing';
import { frameEncoderStream } from '@socklab/framing/web';
import type { ByteCodec, Bytes, BytesIn } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';
import type { Socket } from 'node:net';

/** What arrives of `payloads` on the wire. */
export type EncodingSurface = (codec: ByteCodec, payloads: readonly Bytes[]) => Bytes | Promise<Bytes>;

async function arrived(chunks: AsyncIterable<BytesIn>): Promise<Bytes> {
  const seen: BytesIn[] = [];
  for await (const chunk of chunks) seen.push(chunk);
  return sticky(seen);
}

async function overSocket(codec: ByteCodec, send: (messages: FramedSocket<Bytes, BytesIn>) => Promise<void>): Promise<Bytes> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect({ port: (server.address() as { port: number }).port, host: '127.0.0.1' });
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  const wire = arrived(client as AsyncIterable<BytesIn>);
  await send(framed(socket, codec));
  socket.end();
  return wire;
}

/** Every way of writing by name. */
export const ENCODING_SURFACES: Readonly<Record<string, EncodingSurface>> = {
  'codec.encode': (codec, payloads) => sticky(payloads.map((payload) => codec.encode(payload))),
  'codec.encodeInto': (codec, payloads) => {
    const writer = createFrameWriter();
    for (const payload of payloads) codec.encodeInto(writer, payload);
    return writer.take();
  },
  'encode, sync': (codec, payloads) => sticky([...encode(codec, payloads)]),
  'encode, async': (codec, payloads) => arrived(encode(codec, Readable.from(payloads) as AsyncIterable<Bytes>)),
  'encodeBatches, sync': (codec, payloads) => sticky([...encodeBatches(codec, [payloads.slice(0, 2), payloads.slice(2)])]),
  'encodeBatches, async': (codec, payloads) => arrived(encodeBatches(codec, Readable.from([payloads]) as AsyncIterable<readonly Bytes[]>)),
  encoderStream: (codec, payloads) => arrived(Readable.from(payloads).pipe(encoderStream(codec)) as AsyncIterable<BytesIn>),
  frameEncoderStream: (codec, payloads) => arrived(ReadableStream.from(payloads).pipeThrough(frameEncoderStream(codec))),
  'frameEncoderStream, batch': (codec, payloads) =>
    arrived(ReadableStream.from([payloads]).pipeThrough(frameEncoderStream(codec, { batch: true }))),
  'framed, send': (codec, payloads) =>
    overSocket(codec, async (messages) => {
      for (const payload of payloads) await messages.send(payload);
    }),
  'framed, sendBatch': (codec, payloads) => overSocket(codec, (messages) => messages.sendBatch(payloads)),
};
