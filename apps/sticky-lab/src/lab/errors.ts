/** What can go wrong in the lab, for programs: the message is for people. */
export type LabErrorCode =
  /** No experiment has this id. */
  | 'LAB_ERR_UNKNOWN_EXPERIMENT'
  /** The experiment has no such parameter, or the value is not allowed. */
  | 'LAB_ERR_PARAMETER'
  /** The run did not end within its time limit. */
  | 'LAB_ERR_TIME_LIMIT'
  /** The run was called off from outside. */
  | 'LAB_ERR_ABORTED'
  /** A receiver's program asks for an impossible read. */
  | 'LAB_ERR_RECV'
  /** A socket closed while something was still expected from it. */
  | 'LAB_ERR_CLOSED'
  /** An experiment failed, or its answer is not the expected one. */
  | 'LAB_ERR_UNEXPECTED';

/** Thrown by the lab. The message says what was seen and what is allowed. */
export class LabError extends Error {
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
  }
}
