import { DEFAULT_PARTIAL_FRAME_TIMEOUT_MS, MAX_TIMEOUT_MS } from './partial-frame-timer.ts';
import type { FramedOptions } from './framed-socket.ts';
import type { Duplex } from 'node:stream';

type Defaults = Required<Omit<FramedOptions, 'payload' | 'signal'>>;

const DEFAULTS: Defaults = {
  readAheadBytes: 0,
  partialFrameTimeoutMs: DEFAULT_PARTIAL_FRAME_TIMEOUT_MS,
  /** Long enough to send what waits over a slow line; no one wants to wait longer for a peer that is gone. */
  closeTimeoutMs: 5_000,
};

/** Longest wait for a stream to say that it is closed once it was destroyed, in milliseconds. */
const DESTROY_MS = 1_000;

const ignore = (): void => {};

/**
 * Checks that a stream carries bytes.
 *
 * @throws TypeError that says what it carries instead.
 */
export function checkStream(stream: Duplex): void {
  if (stream.readableEncoding !== null) {
    throw new TypeError(`the socket must deliver bytes, but setEncoding(${JSON.stringify(stream.readableEncoding)}) was called on it`);
  }
  if (stream.readableObjectMode || stream.writableObjectMode) throw new TypeError('the stream must carry bytes, but is in object mode');
}

/** Options of `framed` with defaults. @throws RangeError when one is not a whole number, or too large. */
export function checkedOptions(options: FramedOptions): FramedOptions & Defaults {
  const checked = { ...DEFAULTS, ...definedIn(options) };
  const { readAheadBytes, closeTimeoutMs } = checked;
  if (!Number.isSafeInteger(readAheadBytes) || readAheadBytes < 0) {
    throw new RangeError(`readAheadBytes is ${readAheadBytes}; allowed: whole numbers from 0`);
  }
  if (!Number.isSafeInteger(closeTimeoutMs) || closeTimeoutMs < 0 || closeTimeoutMs > MAX_TIMEOUT_MS) {
    throw new RangeError(`closeTimeoutMs is ${closeTimeoutMs}; allowed: whole numbers from 0 to ${MAX_TIMEOUT_MS}`);
  }
  return checked;
}

/** Without keys whose value is `undefined`, which mean the default. */
function definedIn(options: FramedOptions): FramedOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The error of a stream that was destroyed on this side: a loop over messages must not take that for the peer's end. */
export function closedEarly(): Error {
  return Object.assign(new Error('the socket was closed before the peer ended its side'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}

/** Ends this side, drops further input, and resolves when the stream is closed: once `signal` aborts, or after `timeoutMs`, it is destroyed. */
export function closeStream(stream: Duplex, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', destroy);
      resolve();
    };
    const destroy = (): void => {
      stream.destroy();
      clearTimeout(timer);
      // A stream of a program may not say that it is closed.
      timer = setTimeout(end, DESTROY_MS);
    };
    let timer = setTimeout(destroy, timeoutMs);
    signal?.addEventListener('abort', destroy, { once: true });
    stream.once('close', end);
    // A reset ends it too, which is all that was wanted.
    stream.on('error', ignore);
    stream.end();
    stream.resume();
  });
}

/**
 * Calls `abort` once `signal` aborts, or in the next turn when it already has.
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
