import type { EventEmitter } from 'node:events';

/** Starts a server or UDP socket; resolves with its `listening` event, rejects with its `error` event or what `start` throws. */
export function untilListening(emitter: EventEmitter, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const forget = () => {
      emitter.off('listening', onListening);
      emitter.off('error', onError);
    };
    const onListening = () => {
      forget();
      resolve();
    };
    const onError = (error: unknown) => {
      forget();
      reject(error);
    };
    emitter.once('listening', onListening);
    emitter.once('error', onError);
    try {
      start();
    } catch (error) {
      onError(error);
    }
  });
}
