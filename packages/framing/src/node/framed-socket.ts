import type { Bytes, Codec, DecoderOptions } from '../codec.ts';
import type { PayloadParts } from '../streams/payload-parts.ts';

/** Options of `framed`. */
export interface FramedOptions extends DecoderOptions {
  /**
   * How many bytes to read ahead of the program, so that the peer's end is noticed while messages wait. 0 reads
   * only when the program asks. The current chunk comes on top. @defaultValue 0
   */
  readonly readAheadBytes?: number;
  /**
   * How long the program waits for the rest of a frame that began, in milliseconds, before that is `FRAME_ERR_TIMEOUT`. Bytes that
   * trickle in do not extend it; between frames, and while the program is busy, it does not run. 0 waits forever. @defaultValue
   * 30_000
   */
  readonly partialFrameTimeoutMs?: number;
  /** How long `close()` waits for the peer's end, in milliseconds, before it destroys the stream. @defaultValue 5_000 */
  readonly closeTimeoutMs?: number;
  /** Aborting it destroys the stream, also while `close()` waits; pending reads and sends reject with an `AbortError`, with the reason as its `cause`. */
  readonly signal?: AbortSignal;
}

/** Separate codecs for reading and writing, for protocols whose requests and answers have different headers. */
export interface TwoCodecs<Decoded, Encodable> {
  readonly read: Codec<Decoded, never>;
  readonly write: Codec<unknown, Encodable>;
}

/** A socket, or any other Duplex of bytes, that carries messages. */
export interface FramedSocket<Decoded, Encodable> extends AsyncIterable<Decoded>, AsyncDisposable {
  /** Messages received and sent so far. */
  readonly framesIn: number;
  readonly framesOut: number;
  /**
   * Resolves when the peer has ended its side, or the connection has closed; with read-ahead, also while messages
   * wait. After `detach` the peer is not observed any more, and it resolves too.
   */
  readonly peerEnded: Promise<void>;
  /**
   * Returns the available messages, waiting for at least one; `undefined` once the peer ended its side. Async per
   * chunk, sync per frame. One call at a time; a concurrent one rejects.
   *
   * After a FrameError the socket is paused, so that garbage costs nothing; once the caller ends it, further input is
   * read and dropped.
   *
   * @throws FrameError when the bytes break the format or end inside a frame, or a frame takes too long, after the
   * frames before the fault.
   * @throws Error of the socket, such as `ECONNRESET`; with the code `ERR_STREAM_PREMATURE_CLOSE` when it was closed before the peer ended its
   * side, as `socket.destroy()` does.
   */
  nextBatch(): Promise<readonly Decoded[] | undefined>;
  /** Returns the next message, waiting for it; `undefined` once the peer ended its side. One call at a time; rejects as {@link FramedSocket.nextBatch} does. */
  receive(): Promise<Decoded | undefined>;
  /**
   * Returns the next message with its payload in parts, waiting for its header; `undefined` once the peer ended its side: for payloads that do not fit into memory. Nothing is
   * read while the program does not ask for parts. What of them was not read is passed over when the next message is asked for, in parts or whole, and `partialFrameTimeoutMs` is
   * how long the program waits for the next part. Once `close`, `detach` or `switchCodec` was called, reading on rejects: a loop over parts ends only when the message was whole. One call at a time. After it, offsets in errors are those since the change from whole messages to parts, or back.
   *
   * The codec is one of `frame()` or `lengthPrefixed()`; its `maxPayloadBytes` holds.
   *
   * @throws RangeError for another codec. It rejects as {@link FramedSocket.nextBatch} does, and so do the parts.
   */
  payloadParts(): Promise<PayloadParts | undefined>;
  /** {@link FramedSocket.nextBatch} as an iterable. */
  batches(): AsyncIterable<readonly Decoded[]>;
  /** Message by message. Leaving a loop early loses none: the next call of either kind continues after the last one seen. */
  [Symbol.asyncIterator](): AsyncIterator<Decoded>;
  /**
   * Calls `onMessage` with each message, within the turn in which its last byte was read: the fastest way to read. When it returns a promise,
   * the next message waits for it, and nothing is read meanwhile; so `(message) => messages.send(message)` reads no faster than its peer does.
   *
   * Resolves once the peer ended its side, or `detach` was called. Rejects as {@link FramedSocket.nextBatch} does, after the messages before the
   * fault, and with what `onMessage` throws; that message is then taken, later ones are still available.
   */
  forEach(onMessage: (message: Decoded) => unknown): Promise<void>;
  /**
   * Sends one message; resolves when the socket takes more, or has sent all before its end. Rejects when the connection closes before
   * that; a rejection that is not awaited is not reported as unhandled: the next call that reads or sends rejects with it.
   *
   * What is sent in one turn of the event loop goes out in one write, at its end, or as soon as the socket has enough. `socket.end()` and
   * `socket.destroySoon()` send it first. `socket.destroy()` drops it with everything unsent, even when `send` has resolved in that turn: that the
   * socket takes more does not mean that the message has left.
   */
  send(payload: Encodable): Promise<void>;
  /** Sends many messages in one buffer; otherwise as {@link FramedSocket.send}. Nothing is sent when one of them is refused. */
  sendBatch(payloads: readonly Encodable[]): Promise<void>;
  /** Stops decoding and returns the bytes that were read and not decoded. The socket stays open and paused, and belongs to the caller. */
  detach(): Bytes;
  /**
   * Switches to another codec, or one for each direction: after a greeting or an upgrade on the same connection. Bytes not decoded yet are
   * decoded with the new one. Returns this, with the new types.
   *
   * Use `receive`, `forEach` or a loop until then: `nextBatch` may already have decoded bytes after the switching message with the old codec.
   *
   * @throws FrameError that ended decoding.
   */
  switchCodec<NextDecoded, NextEncodable>(
    next: Codec<NextDecoded, NextEncodable> | TwoCodecs<NextDecoded, NextEncodable>,
  ): FramedSocket<NextDecoded, NextEncodable>;
  /**
   * Sends what waits, ends this side, and resolves once the stream is closed; a peer that does not end its side within `closeTimeoutMs` is disconnected. Messages
   * not taken by then are dropped, and pending reads get `undefined`, as at the peer's end. May be called again; `await using` calls it.
   */
  close(): Promise<void>;
}
