import { FrameError } from '@socklab/framing';
import { codeOf } from '@socklab/service';
import type { EndReason } from './session.ts';

/** How a connection can end: as its session ends, by a limit, or by an error. */
export type CloseReason =
  | EndReason
  | 'left'
  | 'kicked'
  | 'queue-timeout'
  | 'idle-timeout'
  | 'frame-timeout'
  | 'slow-reader'
  | 'memory-limit'
  | 'frame-error'
  | 'tls-error'
  | 'proxy-error'
  | 'reset'
  | 'socket-error'
  | 'session-error'
  | 'drain-timeout';

/** Every {@link CloseReason}: the labels of `connections_closed_total`. */
export const CLOSE_REASONS: readonly CloseReason[] = [
  'served',
  'peer-ended',
  'quit',
  'operator-left',
  'operator-next',
  'drain',
  'left',
  'kicked',
  'queue-timeout',
  'idle-timeout',
  'frame-timeout',
  'slow-reader',
  'memory-limit',
  'frame-error',
  'tls-error',
  'proxy-error',
  'reset',
  'socket-error',
  'session-error',
  'drain-timeout',
];

const RESET_CODES: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_DESTROYED']);

/** The close reason for an error of a session. */
export function reasonOf(error: unknown): CloseReason {
  if (error instanceof FrameError) return error.code === 'FRAME_ERR_TIMEOUT' ? 'frame-timeout' : 'frame-error';
  const code = codeOf(error);
  if (RESET_CODES.has(code)) return 'reset';
  return code === undefined ? 'session-error' : 'socket-error';
}

/** What the log says of an error: a stack only when it is a bug of tcp-echo. */
export function describe(reason: CloseReason, error: unknown): object {
  if (error === undefined) return {};
  if (reason === 'session-error' || !(error instanceof Error)) return { err: error };
  return { code: codeOf(error), error: error.message };
}
