import type { ReadyMessage } from '../base/parent.ts';

/** What a worker is asked for: its metrics, or one of its admin routes. */
export type Question = 'metrics' | `/${string}`;

/** Messages from the supervisor to a worker, besides its post. */
export type ToWorker =
  | { readonly type: 'drain'; readonly reason: string }
  | { readonly type: 'reload' }
  /** Wants a `pong`: a process whose event loop is blocked sends none. */
  | { readonly type: 'ping' }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question };

/** Messages from a worker to its supervisor. */
export type FromWorker =
  | ReadyMessage
  /** The start failed, and the worker ends. */
  | { readonly type: 'start-failed'; readonly failure: StartFailure }
  | { readonly type: 'pong' }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  /** The answer could not be made. */
  | { readonly type: 'no-answer'; readonly id: number; readonly reason: string };

/** What remains of an error between two processes: enough to report it as its own process would have. */
export interface StartFailure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly syscall?: string;
}
