/** What can go wrong for the client, besides what the socket or the framing say. */
export type ClientErrorCode =
  /** No connection in time. */
  | 'TCP_ECHO_ERR_CONNECT_TIMEOUT'
  /** The server ended its side before the conversation was over. */
  | 'TCP_ECHO_ERR_CLOSED_EARLY';

/** An error of `tcp-echo connect`. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string) {
    super(message);
    this.name = 'ClientError';
    this.code = code;
  }
}
