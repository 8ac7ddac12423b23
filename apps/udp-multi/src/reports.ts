import { createLogWindow, codeOf } from '@socklab/service';
import { createPeerMap, peerName } from './peers.ts';
import type { DropReason } from './gate/drop-reasons.ts';
import type { Peer } from './peers.ts';
import type { Logger } from '@socklab/service';

/** Logs errors of datagrams, with limits: enough to notice them, never as much as somebody can send. */
export interface Reports {
  /** One line per reason and window, with the number suppressed before it. */
  dropped(peer: Peer, reason: DropReason): void;
  /** One line per peer and code, for a few peers per window. */
  notSent(peer: Pick<Peer, 'address' | 'port'>, error: Error): void;
  /** One line per window. */
  truncated(peer: Peer, bytes: number, keptBytes: number): void;
  /** One line per window. */
  socketFailed(error: Error): void;
}

const WINDOW_MS = 10_000;
const SEND_ERRORS_PER_WINDOW = 10;
const REMEMBERED_PEERS = 1024;

const now = (): number => performance.now();

/** Makes the {@link Reports} of one service. */
export function createReports(log: Logger): Reports {
  const tellRest = (reason: string, lines: number): void => log.warn({ reason, heldBack: lines }, 'more datagrams dropped');
  const drops = createLogWindow({ windowMs: WINDOW_MS, lines: 1, now, heldBack: tellRest });
  const failures = createLogWindow({ windowMs: WINDOW_MS, lines: SEND_ERRORS_PER_WINDOW, now });
  const told = createPeerMap<true>(REMEMBERED_PEERS);
  return {
    dropped(peer, reason) {
      const heldBack = drops.pass(reason);
      if (heldBack !== undefined) log.warn({ reason, peer: peerName(peer), heldBack }, 'datagram dropped');
    },
    notSent(peer, error) {
      const code = codeOf(error) ?? error.name;
      const name = `${peerName(peer)} ${code}`;
      if (told.get(name) === true) return;
      told.set(name, true);
      const heldBack = failures.pass('send');
      if (heldBack !== undefined) log.warn({ code, peer: peerName(peer), heldBack }, 'answer not sent');
    },
    truncated(peer, bytes, keptBytes) {
      const heldBack = drops.pass('truncated');
      if (heldBack !== undefined) log.warn({ peer: peerName(peer), bytes, keptBytes, heldBack }, 'datagram truncated: the rest is gone');
    },
    socketFailed(error) {
      const heldBack = failures.pass('socket');
      if (heldBack !== undefined) log.error({ code: codeOf(error) ?? error.name, err: error, heldBack }, 'socket error');
    },
  };
}
