import { DEFAULT_PARTIAL_FRAME_TIMEOUT_MS, MAX_TIMEOUT_MS } from './partial-frame-timer.ts';
import type { FramedOptions } from './framed-socket.ts';
import type { Duplex } from 'node:stream';

type Defaults = Required<Omit<FramedOptions, 'payload' | 'signal'>>;

const DEFAULTS: Defaults = {
  readAheadBytes: 0,
  partialFrameTimeoutMs: DEFAULT_PARTIAL_FRAME_TIMEOUT_MS,
  /** Long enough for what waits to be sent on a slow line; nobody wants to wait longer for a peer that is gone. */
  closeTimeoutMs: 5_000,
};

const ignore = (): void => {};

/**
 * Checks that a stream brings bytes.
 *
 * @throws TypeError that says what it brings instead.
 */
export function checkStream(stream: Duplex): void {
  if (stream.readableEncoding !== null) {
    throw new TypeError(`the socket must bring bytes, but setEncoding(${JSON.stringify(stream.readableEncoding)}) was called on it`);
  }
  if (stream.readableObjectMode || stream.writableObjectMode) throw new TypeError('the stream must carry bytes, but is in object mode');
}

/** Options of `framed` with its defaults. @throws RangeError when one is no whole number, or too large. */
export function checkedOptions(options: FramedOptions): FramedOptions & Defaults {
  const checked = { ...DEFAULTS, ...definedIn(options) };
  const { readAheadBytes, closeTimeoutMs } = checked;
  if (!Number.isSafeInteger(readAheadBytes) || readAheadBytes < 0) {
    throw new RangeError(`readAheadBytes is ${readAheadBytes}, allowed are whole numbers from 0 on`);
  }
  if (!Number.isSafeInteger(closeTimeoutMs) || closeTimeoutMs < 0 || closeTimeoutMs > MAX_TIMEOUT_MS) {
    throw new RangeError(`closeTimeoutMs is ${closeTimeoutMs}, allowed are whole numbers from 0 to ${MAX_TIMEOUT_MS}`);
  }
  return checked;
}

/** Without keys whose value is `undefined`, which stand for the default. */
function definedIn(options: FramedOptions): FramedOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The error of a stream that was destroyed on this side: who loops over messages must not take that for the peer's end. */
export function closedEarly(): Error {
  return Object.assign(new Error('the socket was closed before the peer ended its side'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}

/** Ends this side, drops what still comes, and resolves when the stream is closed, at the latest after `timeoutMs`. */
export function closeStream(stream: Duplex, timeoutMs: number): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => stream.destroy(), timeoutMs);
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    // A reset on the way ends it too, and that is all that was wanted.
    stream.on('error', ignore);
    stream.end();
    stream.resume();
  });
}

/**
 * Calls `abort` once `signal` aborts, or at the next turn when it has already.
 *
 * @param detach - what lets go of the stream.
 * @returns what lets go of the stream and of the signal.
 */
export function onAbort(signal: AbortSignal, abort: (error: Error) => void, detach: () => void, stream: Duplex): () => void {
  const onSignal = (): void =>
    abort(Object.assign(new Error('the operation was aborted', { cause: signal.reason }), { name: 'AbortError', code: 'ABORT_ERR' }));
  const letGo = (): void => signal.removeEventListener('abort', onSignal);
  stream.once('close', letGo);
  if (signal.aborted) onSignal();
  else signal.addEventListener('abort', onSignal, { once: true });
  return () => {
    letGo();
    stream.off('close', letGo);
    detach();
  };
}
