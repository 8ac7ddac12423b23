/** Errors of a client, besides those of the system and of the framing. */
export type ClientErrorCode =
  /** No connection within the time limit. */
  | 'CLIENT_ERR_CONNECT_TIMEOUT'
  /** The certificate of the server is not trusted, or the server does not speak TLS. */
  | 'CLIENT_ERR_TLS'
  /** The host of a UDP server answered with ICMP "port unreachable": nothing listens there. */
  | 'CLIENT_ERR_REFUSED'
  /** The server ended its side before the conversation, or the answer, was whole. */
  | 'CLIENT_ERR_CLOSED_EARLY'
  /** No whole answer within the time limit. With UDP the datagram or its answer may be lost, or the server may not answer. */
  | 'CLIENT_ERR_NO_ANSWER'
  /** Lines of standard input that got no answer. */
  | 'CLIENT_ERR_UNANSWERED'
  /** What came back is not what was sent. */
  | 'CLIENT_ERR_WRONG_ANSWER'
  /** The file to send cannot be read, or is too long. */
  | 'CLIENT_ERR_FILE'
  /** A load that was stopped before it began, or a member that was stopped before it joined. */
  | 'CLIENT_ERR_INTERRUPTED'
  /** A load with more wrong, lost or unsent messages than allowed. */
  | 'CLIENT_ERR_LOAD_FAILED'
  /** The server accepts no members: it has no room, or it drops the client's messages. */
  | 'CLIENT_ERR_NOT_JOINED';

/** An error of a client. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClientError';
    this.code = code;
  }
}
