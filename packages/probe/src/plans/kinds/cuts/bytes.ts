import { allSendsDraft, cyclicCuts } from '../../base/cut-drafts.ts';
import { readCount } from '../../base/plan.ts';
import type { PlanEntry } from '../../base/plan.ts';

/** Largest piece size, in bytes. */
export const MAX_PIECE_BYTES = 16_777_216;

/** All sends in pieces of the same size; the last piece of each has the rest. */
export const bytes: PlanEntry = {
  name: 'bytes',
  usage: 'bytes:N',
  summary: 'pieces of N bytes each',
  needsFrames: false,
  create: (argument) => {
    const size = readCount(argument, 'bytes:N', { min: 1, max: MAX_PIECE_BYTES });
    return ({ exchange }) => allSendsDraft(exchange, (byteLength) => cyclicCuts([size], byteLength));
  },
};
