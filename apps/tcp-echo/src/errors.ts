/** What can go wrong for `tcp-echo connect` and `tcp-echo call`, besides what the socket or the framing say. */
export type TcpEchoErrorCode =
  /** No connection in time. */
  | 'TCP_ECHO_ERR_CONNECT_TIMEOUT'
  /** The server ended its side before the conversation, or the answer, was whole. */
  | 'TCP_ECHO_ERR_CLOSED_EARLY'
  /** The certificate of the server is not trusted, or the server does not speak TLS. */
  | 'TCP_ECHO_ERR_TLS'
  /** No whole answer in time. */
  | 'TCP_ECHO_ERR_NO_ANSWER'
  /** What came back is not what was sent. */
  | 'TCP_ECHO_ERR_WRONG_ANSWER'
  /** The file to send cannot be read, or is too long. */
  | 'TCP_ECHO_ERR_FILE'
  /** A load that was stopped before it began. */
  | 'TCP_ECHO_ERR_INTERRUPTED'
  /** A load in which not every message came back as it was sent. */
  | 'TCP_ECHO_ERR_LOAD_FAILED';

/** An error of a client of tcp-echo. */
export class TcpEchoError extends Error {
  readonly code: TcpEchoErrorCode;

  constructor(code: TcpEchoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TcpEchoError';
    this.code = code;
  }
}
