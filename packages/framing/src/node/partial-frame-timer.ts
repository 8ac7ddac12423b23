import { hexWindow } from '../decoding/hex-window.ts';
import { FrameError } from '../errors.ts';
import type { Bytes } from '../codec.ts';

/** Default for how long a frame may take from its first byte to its last, in milliseconds. */
export const DEFAULT_PARTIAL_FRAME_TIMEOUT_MS = 30_000;

/** The longest time of Node's timers: a longer one would fire at once. */
export const MAX_TIMEOUT_MS: number = 2 ** 31 - 1;

/** Times how long the current frame is awaited: a peer that sends a byte now and then must not hold a connection forever. */
export class PartialFrameTimer {
  readonly #timeoutMs: number;
  readonly #onTimeout: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @throws RangeError when the time is not a whole number from 0, which means never, to 2^31 − 1. */
  constructor(timeoutMs: number, onTimeout: () => void) {
    if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 0 || timeoutMs > MAX_TIMEOUT_MS) {
      throw new RangeError(`partialFrameTimeoutMs is ${timeoutMs}; allowed: whole numbers from 0 to ${MAX_TIMEOUT_MS}`);
    }
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
  }

  /** The program waits for the rest of a frame. More bytes of the same frame do not restart the time. */
  start(): void {
    if (this.#timeoutMs > 0) this.#timer ??= setTimeout(this.#onTimeout, this.#timeoutMs).unref();
  }

  /** The frame is complete, or no longer awaited. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** The error of a frame that was not completed in time. */
export function timedOut(timeoutMs: number, frame: Bytes, frameIndex: number, offset: number): FrameError {
  const hex = hexWindow(frame);
  const where = `frame ${frameIndex} at byte ${offset}, which starts with ${hex}`;
  const message = `a frame did not complete within ${timeoutMs} ms: ${frame.length} bytes of it arrived (${where})`;
  return new FrameError('FRAME_ERR_TIMEOUT', message, { offset, frameIndex, hex });
}
