/** What can go wrong for the client, besides what the system says. */
export type ClientErrorCode =
  /** No answer in time: the datagram or the answer was lost, or nobody answers. UDP does not tell which. */
  | 'UDP_ERR_NO_ANSWER'
  /** The host answered with ICMP "port unreachable": nothing listens there. */
  | 'UDP_ERR_REFUSED';

/** An error of `udp-multi send`. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClientError';
    this.code = code;
  }
}
