/** Errors in the input of a probe. Test `error.code`, not the class. */
export type ProbeErrorCode =
  /** The syntax of a plan is wrong, or a number is outside its range. */
  | 'PROBE_ERR_PLAN'
  /** A plan needs the frames of the request and no framing was given, or the request contains nothing that the plans cut. */
  | 'PROBE_ERR_NO_TRIALS'
  /** The bytes are not frames of the given framing, or the framing has no boundaries. */
  | 'PROBE_ERR_FRAMING'
  /** A request, a conversation or an `until` is invalid. */
  | 'PROBE_ERR_EXCHANGE'
  /** A recording is invalid, damaged in the middle, or over its limit. */
  | 'PROBE_ERR_RECORDING'
  /** A mask is not a regular expression, or only matches empty text. */
  | 'PROBE_ERR_MASK'
  /** A report is invalid, or reports belong to different campaigns. */
  | 'PROBE_ERR_REPORT'
  /** A target is invalid, or is neither loopback nor private and was not declared as your own. */
  | 'PROBE_ERR_TARGET'
  /** A connection to the target could not be made. */
  | 'PROBE_ERR_CONNECT'
  /** A delivery, a pace or a limit is impossible. */
  | 'PROBE_ERR_DELIVERY'
  /** A journal of a campaign belongs to another campaign or cannot be read. */
  | 'PROBE_ERR_JOURNAL'
  /** A program could not be started, or its command line is invalid. */
  | 'PROBE_ERR_COMMAND';

/** Every {@link ProbeErrorCode}, for tables and tests. */
export const PROBE_ERROR_CODES: readonly ProbeErrorCode[] = [
  'PROBE_ERR_PLAN',
  'PROBE_ERR_NO_TRIALS',
  'PROBE_ERR_FRAMING',
  'PROBE_ERR_EXCHANGE',
  'PROBE_ERR_RECORDING',
  'PROBE_ERR_MASK',
  'PROBE_ERR_REPORT',
  'PROBE_ERR_TARGET',
  'PROBE_ERR_CONNECT',
  'PROBE_ERR_DELIVERY',
  'PROBE_ERR_JOURNAL',
  'PROBE_ERR_COMMAND',
];

/** The error of this package for everything that a caller can get wrong or a machine can refuse. */
export class ProbeError extends Error {
  readonly code: ProbeErrorCode;

  constructor(code: ProbeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProbeError';
    this.code = code;
  }
}
