import { hexWindow } from '../decoding/hex-window.ts';
import { FrameError } from '../errors.ts';
import type { Bytes } from '../codec.ts';

/** How long a frame may take from its first byte to its last, in milliseconds, unless told otherwise. */
export const DEFAULT_PARTIAL_FRAME_TIMEOUT_MS = 30_000;

/** What Node's timers take: a longer time would fire at once. */
export const MAX_TIMEOUT_MS: number = 2 ** 31 - 1;

/** Measures how long the frame under way has been waited for: a peer that sends a byte now and then must not hold a connection for ever. */
export class PartialFrameTimer {
  readonly #timeoutMs: number;
  readonly #onTimeout: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @throws RangeError when the time is no whole number from 0, which means never, to 2^31 − 1. */
  constructor(timeoutMs: number, onTimeout: () => void) {
    if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 0 || timeoutMs > MAX_TIMEOUT_MS) {
      throw new RangeError(`partialFrameTimeoutMs is ${timeoutMs}, allowed are whole numbers from 0 to ${MAX_TIMEOUT_MS}`);
    }
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
  }

  /** The program waits for the rest of a frame. More bytes of the same frame do not start the time anew. */
  start(): void {
    if (this.#timeoutMs > 0) this.#timer ??= setTimeout(this.#onTimeout, this.#timeoutMs).unref();
  }

  /** The frame is complete, or nobody waits for it any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** The error of a frame that did not complete in time. */
export function timedOut(timeoutMs: number, frame: Bytes, frameIndex: number, offset: number): FrameError {
  const hex = hexWindow(frame);
  const where = `frame ${frameIndex} at byte ${offset}, which starts with ${hex}`;
  const message = `a frame did not complete within ${timeoutMs} ms: ${frame.length} bytes of it arrived (${where})`;
  return new FrameError('FRAME_ERR_TIMEOUT', message, { offset, frameIndex, hex });
}
