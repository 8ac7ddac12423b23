import { checkPayload } from '../check-bytes.ts';
import { FrameError } from '../errors.ts';
import { websocketLength } from '../fields/websocket-length.ts';
import { frameMemory } from '../frame-memory.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import { WebSocketDecoder } from './websocket-decoder.ts';
import type { Bytes, BytesIn, Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { HeaderAndPayload } from '../frame/fields-codec.ts';
import type { FrameWriter } from '../writer.ts';

/** What a WebSocket message is: 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
export interface WebSocketHeader {
  readonly opcode: number;
}

/** Options of {@link websocketMessages}. */
export interface WebSocketMessagesOptions {
  /** Longest message, in bytes, all its fragments together. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /** Longest fragment that is written. @defaultValue maxPayloadBytes: one frame a message */
  readonly maxFragmentBytes?: number;
  /** Makes the masking key of a frame that is written, four bytes that a peer cannot predict. A client must mask, a server must not. @defaultValue no mask */
  readonly maskingKey?: () => BytesIn;
}

const FIN = 0x80;
const MASK = 0x80;
const CONTINUATION = 0;
const OPCODES = [1, 2, 8, 9, 10];

/**
 * WebSocket messages after the handshake: fragments are put together, masks taken off, and control frames handed out where they came, between the fragments of a message too.
 * Extensions are not spoken, so reserved bits are refused; whether text is UTF-8 is for the program to check. Source: RFC 6455, 5.
 *
 * Errors: those of `websocket()`; `FRAME_ERR_BAD_MAGIC` for reserved bits and opcodes, a control frame in fragments, a continuation of nothing, and a message inside another
 * one; `FRAME_ERR_MALFORMED_LENGTH` for a control frame of more than 125 bytes; `FRAME_ERR_TOO_LARGE` at the end of the fragment that brings a message over the limit.
 *
 * @throws RangeError for a limit that is none.
 */
export function websocketMessages(
  options: WebSocketMessagesOptions = {},
): Codec<HeaderAndPayload<WebSocketHeader>, HeaderAndPayload<WebSocketHeader, BytesIn>> {
  const { maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, maxFragmentBytes = Math.max(1, maxPayloadBytes) } = options;
  checkedLimit(maxPayloadBytes);
  if (!Number.isSafeInteger(maxFragmentBytes) || maxFragmentBytes < 1) {
    throw new RangeError(`maxFragmentBytes is ${maxFragmentBytes}; allowed: whole numbers from 1`);
  }
  return new WebSocketCodec(maxPayloadBytes, maxFragmentBytes, options.maskingKey);
}

class WebSocketCodec implements Codec<HeaderAndPayload<WebSocketHeader>, HeaderAndPayload<WebSocketHeader, BytesIn>> {
  readonly name = 'websocket-messages';
  readonly maxPayloadBytes: number;
  readonly #maxFragmentBytes: number;
  readonly #maskingKey: (() => BytesIn) | undefined;

  constructor(maxPayloadBytes: number, maxFragmentBytes: number, maskingKey: (() => BytesIn) | undefined) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.#maxFragmentBytes = maxFragmentBytes;
    this.#maskingKey = maskingKey;
  }

  createDecoder(options?: DecoderOptions): Decoder<HeaderAndPayload<WebSocketHeader>> {
    return new WebSocketDecoder(this.maxPayloadBytes, options);
  }

  encode({ header, payload }: HeaderAndPayload<WebSocketHeader, BytesIn>): Bytes {
    this.#check(header, payload);
    const { opcode } = header;
    const fragmentBytes = opcode >= 8 ? payload.length : this.#maxFragmentBytes;
    const count = Math.max(1, Math.ceil(payload.length / Math.max(1, fragmentBytes)));
    const fragments = Array.from({ length: count }, (_, index) => payload.subarray(index * fragmentBytes, (index + 1) * fragmentBytes));
    const sizes = fragments.map(({ length }) => 1 + websocketLength.byteLengthOf(length) + this.#keyBytes + length);
    const frame = frameMemory(sizes.reduce((sum, size) => sum + size));
    let at = 0;
    for (const [index, fragment] of fragments.entries()) {
      const first = (index === 0 ? opcode : CONTINUATION) | (index === count - 1 ? FIN : 0);
      this.#write(frame.subarray(at, at + sizes[index]!), first, fragment);
      at += sizes[index]!;
    }
    return frame;
  }

  encodeInto(writer: FrameWriter, message: HeaderAndPayload<WebSocketHeader, BytesIn>): void {
    const frame = this.encode(message);
    const offset = writer.reserve(frame.length);
    writer.bytes.set(frame, offset);
  }

  get #keyBytes(): number {
    return this.#maskingKey === undefined ? 0 : 4;
  }

  #check({ opcode }: WebSocketHeader, payload: BytesIn): void {
    checkPayload(payload, this.maxPayloadBytes);
    if (!OPCODES.includes(opcode)) throw new FrameError('FRAME_ERR_PAYLOAD', `opcode ${opcode}; allowed: ${OPCODES.join(', ')}`);
    if (opcode >= 8 && payload.length > 125)
      throw new FrameError('FRAME_ERR_PAYLOAD', `a control frame of ${payload.length} bytes, limit 125`);
  }

  #write(target: Bytes, first: number, payload: BytesIn): void {
    const lengthBytes = websocketLength.byteLengthOf(payload.length);
    target[0] = first;
    websocketLength.write(target, 1, payload.length);
    const start = 1 + lengthBytes + this.#keyBytes;
    target.set(payload, start);
    const key = this.#maskingKey?.();
    if (key === undefined) return;
    if (key.length !== 4) throw new FrameError('FRAME_ERR_PAYLOAD', `a masking key of ${key.length} bytes; allowed: 4`);
    target[1] = target[1]! | MASK;
    target.set(key, 1 + lengthBytes);
    for (let at = start; at < target.length; at++) target[at] = target[at]! ^ key[(at - start) % 4]!;
  }
}
