import { Accumulator } from '../decoding/accumulator.ts';
import { hexWindow } from '../decoding/hex-window.ts';
import { FrameError } from '../errors.ts';
import { websocketLength } from '../fields/websocket-length.ts';
import { websocket } from './presets.ts';
import type { ByteDecoder, Bytes, BytesIn, Decoder, DecoderOptions } from '../codec.ts';
import type { FrameErrorCode } from '../errors.ts';
import type { HeaderAndPayload } from '../frame/fields-codec.ts';

const FIN = 0x80;
const RESERVED = 0x70;
const MASK = 0x80;
const CONTINUATION = 0;
const FIRST_CONTROL = 8;
const OPCODES = [CONTINUATION, 1, 2, 8, 9, 10];
const MAX_CONTROL_BYTES = 125;
/** Two bytes, eight of length, the masking key. */
const MAX_HEADER_BYTES = 14;

type Message = HeaderAndPayload<{ readonly opcode: number }>;

/** Puts the fragments of WebSocket messages together. */
export class WebSocketDecoder implements Decoder<Message> {
  readonly #frames: ByteDecoder;
  readonly #maxPayloadBytes: number;
  readonly #joined: Accumulator = new Accumulator();
  /** Of the message whose fragments come; `undefined` between messages. */
  #opcode: number | undefined;
  #offset = 0;
  #frameIndex = 0;
  #failure: FrameError | undefined;

  constructor(maxPayloadBytes: number, options?: DecoderOptions) {
    this.#frames = websocket({ maxPayloadBytes: maxPayloadBytes + MAX_HEADER_BYTES }).createDecoder(options);
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  get bufferedBytes(): number {
    return this.#frames.bufferedBytes + this.#joined.length;
  }

  get neededBytes(): number | undefined {
    return this.#frames.neededBytes;
  }

  push(chunk: BytesIn): void {
    this.#throwIfFailed();
    this.#frames.push(chunk);
  }

  next(): Message | undefined {
    this.#throwIfFailed();
    for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) {
      const message = this.#take(frame);
      this.#offset += frame.length;
      this.#frameIndex++;
      if (message !== undefined) return message;
    }
    return undefined;
  }

  end(): void {
    this.#throwIfFailed();
    this.#frames.end();
    if (this.#opcode === undefined) return;
    throw this.#fail('FRAME_ERR_TRUNCATED', `stream ended inside a message: ${this.#joined.length} bytes of it arrived`, new Uint8Array(0));
  }

  /** Fragments of a message that is not whole are dropped: what is given back begins with a frame. */
  detach(): Bytes {
    this.#throwIfFailed();
    this.#joined.clear();
    this.#opcode = undefined;
    return this.#frames.detach();
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #take(frame: Bytes): Message | undefined {
    const opcode = frame[0]! & 0x0f;
    const isLast = (frame[0]! & FIN) !== 0;
    this.#check(frame, opcode, isLast);
    const payload = unmasked(frame);
    if (opcode >= FIRST_CONTROL) return { header: { opcode }, payload };
    const total = this.#joined.length + payload.length;
    if (total > this.#maxPayloadBytes) throw this.#tooLarge(total, frame);
    if (opcode !== CONTINUATION && isLast) return { header: { opcode }, payload };
    if (opcode !== CONTINUATION) this.#opcode = opcode;
    this.#joined.append(payload, 0, payload.length, this.#maxPayloadBytes);
    return isLast ? this.#takeJoined() : undefined;
  }

  #takeJoined(): Message {
    const header = { opcode: this.#opcode! };
    this.#opcode = undefined;
    const payload = this.#joined.take();
    this.#joined.clear();
    return { header, payload };
  }

  #check(frame: Bytes, opcode: number, isLast: boolean): void {
    if ((frame[0]! & RESERVED) !== 0) throw this.#fail('FRAME_ERR_BAD_MAGIC', 'a reserved bit is set, but no extension was agreed', frame);
    if (!OPCODES.includes(opcode)) throw this.#fail('FRAME_ERR_BAD_MAGIC', `opcode ${opcode}; allowed: ${OPCODES.join(', ')}`, frame);
    if (opcode >= FIRST_CONTROL) {
      if (!isLast) throw this.#fail('FRAME_ERR_BAD_MAGIC', 'a control frame in fragments', frame);
      const length = websocketLength.read(frame, 1, 0);
      if (length > MAX_CONTROL_BYTES) {
        throw this.#fail('FRAME_ERR_MALFORMED_LENGTH', `a control frame of ${length} bytes, limit ${MAX_CONTROL_BYTES}`, frame);
      }
    } else if ((opcode === CONTINUATION) !== (this.#opcode !== undefined)) {
      const what = opcode === CONTINUATION ? 'a continuation, but no message was begun' : `opcode ${opcode} inside a message, allowed: 0`;
      throw this.#fail('FRAME_ERR_BAD_MAGIC', what, frame);
    }
  }

  #tooLarge(declared: number, frame: Bytes): FrameError {
    const limit = this.#maxPayloadBytes;
    return this.#fail('FRAME_ERR_TOO_LARGE', `message of ${declared} bytes or more, limit ${limit}`, frame, { declared, limit });
  }

  #fail(
    code: FrameErrorCode,
    what: string,
    frame: Bytes,
    details: { readonly declared?: number; readonly limit?: number } = {},
  ): FrameError {
    const [offset, frameIndex, hex] = [this.#offset, this.#frameIndex, hexWindow(frame)];
    const where = `frame ${frameIndex} at byte ${offset}${hex === '' ? '' : `, which starts with ${hex}`}`;
    this.#failure = new FrameError(code, `${what} (${where})`, { ...details, offset, frameIndex, hex });
    this.#joined.clear();
    return this.#failure;
  }
}

function unmasked(frame: Bytes): Bytes {
  const isMasked = (frame[1]! & MASK) !== 0;
  const start = 1 + websocketLength.measure(frame, 1, frame.length);
  if (!isMasked) return frame.subarray(start);
  // A copy: the frame may lie in the chunk of the caller.
  const payload = frame.slice(start);
  for (let at = 0; at < payload.length; at++) payload[at] = payload[at]! ^ frame[start - 4 + (at % 4)]!;
  return payload;
}
