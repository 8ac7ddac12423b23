import type { CapturedPeer } from '@socklab/service';

/** The two ends of a flow. */
export interface FlowEnds {
  readonly from: CapturedPeer;
  readonly to: CapturedPeer;
  /** Which of them connected; `undefined` for datagrams. */
  readonly client?: 'from' | 'to';
}

/** Takes all that programs write on flows whose ends are known, as they write it. */
export interface WriteLog {
  wrote(ends: FlowEnds, bytes: Uint8Array): void;
  ended(ends: FlowEnds, side: 'from' | 'to', how: 'fin' | 'reset'): void;
}
