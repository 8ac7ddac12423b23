/** What can go wrong for `udp-multi call` and `udp-multi join`, besides `ClientErrorCode` and what the system says. */
export type CallErrorCode =
  /** Lines of standard input that got no answer. */
  | 'UDP_ERR_UNANSWERED'
  /** What came back is nothing that was sent. */
  | 'UDP_ERR_WRONG_ANSWER'
  /** A load that was stopped before it began, or a member before it joined. */
  | 'UDP_ERR_INTERRUPTED'
  /** A load with wrong answers, with none at all, with more loss than allowed, or that could not be sent as asked for. */
  | 'UDP_ERR_LOAD_FAILED'
  /** The server does not let anybody into a room: it has none, or it drops what we say. */
  | 'UDP_ERR_NOT_JOINED';

/** An error of `udp-multi call` or `udp-multi join`. */
export class CallError extends Error {
  readonly code: CallErrorCode;

  constructor(code: CallErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CallError';
    this.code = code;
  }
}
