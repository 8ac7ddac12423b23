/** Framing for loops: decode and encode anything iterable, at once or as it arrives. */

import { checkBatch } from '../check-bytes.ts';
import { createFrameWriter } from '../writer.ts';
import { ArrivingFrameBatches, ArrivingFrames } from './arriving-frames.ts';
import { ArrivingBatches, ArrivingPayloads } from './arriving-payloads.ts';
import { Batcher, chunksOf } from './batcher.ts';
import { checkIterable } from './check-iterable.ts';
import { MessageIterator } from './message-iterator.ts';
import type { Bytes, BytesIn, Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { Chunks } from './batcher.ts';

/**
 * Decodes `source` payload by payload, to its end. Chunks are read one at a time and only when their payloads are
 * needed; leaving the loop early closes the source. Over an asynchronous source, {@link decodeBatches} is faster.
 *
 * @throws FrameError when the bytes break the format or end inside a frame, after the payloads before the fault.
 * @throws TypeError when the source yields something other than bytes.
 */
export function decode<Decoded>(
  codec: Codec<Decoded, never>,
  source: AsyncIterable<Chunks>,
  options?: DecoderOptions,
): AsyncIterableIterator<Decoded, undefined>;
export function decode<Decoded>(
  codec: Codec<Decoded, never>,
  source: Iterable<Chunks>,
  options?: DecoderOptions,
): Generator<Decoded, void, undefined>;
export function decode<Decoded>(
  codec: Codec<Decoded, never>,
  source: Iterable<Chunks> | AsyncIterable<Chunks>,
  options?: DecoderOptions,
): Generator<Decoded, void, undefined> | AsyncIterableIterator<Decoded, undefined> {
  checkIterable(source, 'chunks');
  const decoder = codec.createDecoder(options);
  return isAsync(source) ? new MessageIterator(new ArrivingPayloads(decoder, source)) : decodeSync(decoder, source);
}

/**
 * Decodes `source` to arrays of payloads: all that one step of the source completed, never empty. Async per chunk,
 * sync per frame. Otherwise as {@link decode}.
 */
export function decodeBatches<Decoded>(
  codec: Codec<Decoded, never>,
  source: AsyncIterable<Chunks>,
  options?: DecoderOptions,
): AsyncIterableIterator<readonly Decoded[], undefined>;
export function decodeBatches<Decoded>(
  codec: Codec<Decoded, never>,
  source: Iterable<Chunks>,
  options?: DecoderOptions,
): Generator<readonly Decoded[], void, undefined>;
export function decodeBatches<Decoded>(
  codec: Codec<Decoded, never>,
  source: Iterable<Chunks> | AsyncIterable<Chunks>,
  options?: DecoderOptions,
): Generator<readonly Decoded[], void, undefined> | AsyncIterableIterator<readonly Decoded[], undefined> {
  checkIterable(source, 'chunks');
  const batcher = new Batcher(codec.createDecoder(options));
  return isAsync(source) ? new MessageIterator(new ArrivingBatches(batcher, source)) : decodeBatchesSync(batcher, source);
}

/**
 * Encodes payload by payload, each to its own frame. Leaving the loop early closes the source.
 *
 * @throws FrameError when a payload could not be read back, after the frames before it.
 */
export function encode<Encodable>(
  codec: Codec<unknown, Encodable>,
  payloads: AsyncIterable<Encodable>,
): AsyncIterableIterator<Bytes, undefined>;
export function encode<Encodable>(codec: Codec<unknown, Encodable>, payloads: Iterable<Encodable>): Generator<Bytes, void, undefined>;
export function encode<Encodable>(
  codec: Codec<unknown, Encodable>,
  payloads: Iterable<Encodable> | AsyncIterable<Encodable>,
): Generator<Bytes, void, undefined> | AsyncIterableIterator<Bytes, undefined> {
  checkIterable(payloads, 'payloads');
  return isAsync(payloads) ? new MessageIterator(new ArrivingFrames(codec, payloads)) : encodeSync(codec, payloads);
}

/**
 * Encodes arrays of payloads, each array to one buffer with all its frames, so that they go out in one write.
 * Nothing of an array is returned when one of its payloads is refused. Otherwise as {@link encode}.
 */
export function encodeBatches<Encodable>(
  codec: Codec<unknown, Encodable>,
  batches: AsyncIterable<readonly Encodable[]>,
): AsyncIterableIterator<Bytes, undefined>;
export function encodeBatches<Encodable>(
  codec: Codec<unknown, Encodable>,
  batches: Iterable<readonly Encodable[]>,
): Generator<Bytes, void, undefined>;
export function encodeBatches<Encodable>(
  codec: Codec<unknown, Encodable>,
  batches: Iterable<readonly Encodable[]> | AsyncIterable<readonly Encodable[]>,
): Generator<Bytes, void, undefined> | AsyncIterableIterator<Bytes, undefined> {
  checkIterable(batches, 'batches');
  return isAsync(batches) ? new MessageIterator(new ArrivingFrameBatches(codec, batches)) : encodeBatchesSync(codec, batches);
}

function* decodeSync<Decoded>(decoder: Decoder<Decoded>, source: Iterable<Chunks>): Generator<Decoded, void, undefined> {
  for (const chunks of source) {
    // A single chunk, as nearly every step has: a list for it would cost as much as a small frame.
    const list = chunks instanceof Uint8Array ? undefined : chunksOf(chunks);
    const count = list?.length ?? 1;
    for (let index = 0; index < count; index++) {
      decoder.push(list === undefined ? (chunks as BytesIn) : list[index]!);
      for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) yield payload;
    }
  }
  decoder.end();
  for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) yield payload;
}

function* decodeBatchesSync<Decoded>(batcher: Batcher<Decoded>, source: Iterable<Chunks>): Generator<readonly Decoded[], void, undefined> {
  for (const chunks of source) {
    const batch = batcher.push(chunks);
    if (batch.length > 0) yield batch;
    batcher.check();
  }
  const last = batcher.end();
  if (last.length > 0) yield last;
  batcher.check();
}

function* encodeSync<Encodable>(codec: Codec<unknown, Encodable>, payloads: Iterable<Encodable>): Generator<Bytes, void, undefined> {
  for (const payload of payloads) yield codec.encode(payload);
}

function* encodeBatchesSync<Encodable>(
  codec: Codec<unknown, Encodable>,
  batches: Iterable<readonly Encodable[]>,
): Generator<Bytes, void, undefined> {
  const writer = createFrameWriter();
  for (const batch of batches) {
    checkBatch(batch);
    for (const payload of batch) codec.encodeInto(writer, payload);
    if (batch.length > 0) yield writer.take();
  }
}

function isAsync<Item>(source: Iterable<Item> | AsyncIterable<Item>): source is AsyncIterable<Item> {
  return Symbol.asyncIterator in source;
}
