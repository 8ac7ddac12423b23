/** Exit codes every socklab program uses. 69 is EX_UNAVAILABLE of sysexits.h. */
export const EXIT: {
  /** Done, or drained. */
  readonly ok: 0;
  /** Failed while running, or could not start for a reason other than wrong usage. */
  readonly failed: 1;
  /** The command line, or an environment variable standing in for it, is wrong. */
  readonly usage: 2;
  /** The address to listen on is taken. */
  readonly addressInUse: 69;
} = { ok: 0, failed: 1, usage: 2, addressInUse: 69 };

/** What went wrong, for programs; the message is for people. */
export type ServiceErrorCode =
  | 'SERVICE_ERR_USAGE'
  | 'SERVICE_ERR_UNSUPPORTED'
  | 'SERVICE_ERR_ADDRESS_IN_USE'
  | 'SERVICE_ERR_LISTEN'
  | 'SERVICE_ERR_TLS'
  | 'SERVICE_ERR_OUTPUT';

const EXIT_CODES: Readonly<Record<ServiceErrorCode, number>> = {
  SERVICE_ERR_USAGE: EXIT.usage,
  SERVICE_ERR_UNSUPPORTED: EXIT.usage,
  SERVICE_ERR_ADDRESS_IN_USE: EXIT.addressInUse,
  SERVICE_ERR_LISTEN: EXIT.failed,
  SERVICE_ERR_TLS: EXIT.failed,
  SERVICE_ERR_OUTPUT: EXIT.failed,
};

/**
 * An error the user can act on: its message is complete, and shown without a stack trace.
 *
 * | code | exit | meaning |
 * |---|---|---|
 * | `SERVICE_ERR_USAGE` | 2 | a value that is wrong on any machine |
 * | `SERVICE_ERR_UNSUPPORTED` | 2 | a socket Node.js, or this platform, does not have |
 * | `SERVICE_ERR_ADDRESS_IN_USE` | 69 | another process has the address |
 * | `SERVICE_ERR_LISTEN` | 1 | the address cannot be used: no permission, not of this machine, … |
 * | `SERVICE_ERR_TLS` | 1 | a certificate, key or authority that cannot be read, or used |
 * | `SERVICE_ERR_OUTPUT` | 1 | standard output, or a file for results, that cannot be written: a full disk, … |
 */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  /** The exit code of the process that this error ends. */
  readonly exitCode: number;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServiceError';
    this.code = code;
    this.exitCode = EXIT_CODES[code];
  }
}
