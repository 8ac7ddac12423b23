import { setTimeout as delay } from 'node:timers/promises';
import { untilPeerRead } from '@socklab/probe';
import type { DeliverySocket, Pace } from '@socklab/probe';

/** Pause of `auto` where the peer's reads cannot be observed, in milliseconds. */
const AUTO_GAP_MS = 5;

/** Longest wait for one piece to be read, in milliseconds; then the next piece is sent unconfirmed. */
const DRAIN_TIMEOUT_MS = 1000;

/** Waits between two pieces. */
export class Pacer {
  #pace: Pace;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  get isNone(): boolean {
    return this.#pace.kind === 'none';
  }

  /**
   * Waits until the next piece may be sent.
   *
   * @returns whether the peer is known to have read everything written so far.
   * @throws the reason of the signal when it aborts.
   */
  async afterPiece(socket: DeliverySocket, signal: AbortSignal): Promise<boolean> {
    const pace = this.#pace;
    if (pace.kind === 'none') return false;
    if (pace.kind !== 'gap') {
      const state = await untilPeerRead(socket, pace.timeoutMs ?? DRAIN_TIMEOUT_MS, { signal });
      if (pace.kind === 'drain' || (state !== 'unseen' && state !== 'unavailable')) return state === 'read';
      this.#pace = { kind: 'gap', ms: AUTO_GAP_MS };
    }
    await delay(pace.kind === 'gap' ? pace.ms : AUTO_GAP_MS, undefined, { signal });
    return false;
  }
}
