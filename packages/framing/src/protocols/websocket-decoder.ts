import { TypedFragmentsDecoder, framesUpTo } from '../codecs/measured/typed-fragments-decoder.ts';
import { u8 } from '../fields/integer-field.ts';
import { websocketLength } from '../fields/websocket-length.ts';
import { compileLayout } from '../frame/layout.ts';
import type { Bytes, BytesIn, Decoder, DecoderOptions } from '../codec.ts';
import type { HeaderAndPayload } from '../frame/fields-codec.ts';

const FIN = 0x80;
const HEADER = { flags: u8, length: websocketLength };
const LAYOUT = compileLayout({ header: HEADER });

/** The reserved bits are among them: no type has one, as no extension is spoken. */
const TYPES = { at: 0, bits: 0x7f, first: [1, 2], next: [0], control: [8, 9, 10], maxControlBytes: 125, onControl: 'emit' } as const;

type Message = HeaderAndPayload<{ readonly opcode: number }>;

/** Puts the fragments of WebSocket messages together. */
export class WebSocketDecoder implements Decoder<Message> {
  readonly #payloads: TypedFragmentsDecoder;

  constructor(maxPayloadBytes: number, options?: DecoderOptions) {
    const frames = framesUpTo({ header: HEADER }, maxPayloadBytes);
    this.#payloads = new TypedFragmentsDecoder({ frames, layout: LAYOUT, types: TYPES, isLast, maxPayloadBytes }, options);
  }

  get bufferedBytes(): number {
    return this.#payloads.bufferedBytes;
  }

  get neededBytes(): number | undefined {
    return this.#payloads.neededBytes;
  }

  push(chunk: BytesIn): void {
    this.#payloads.push(chunk);
  }

  next(): Message | undefined {
    const payload = this.#payloads.next();
    return payload === undefined ? undefined : { header: { opcode: this.#payloads.type }, payload };
  }

  end(): void {
    this.#payloads.end();
  }

  detach(): Bytes {
    return this.#payloads.detach();
  }

  takeUndecoded(): BytesIn {
    return this.#payloads.takeUndecoded();
  }
}

function isLast(frame: Bytes): boolean {
  return (frame[0]! & FIN) !== 0;
}
