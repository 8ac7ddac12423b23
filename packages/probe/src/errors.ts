/** What can be wrong with what a probe is given. Test `error.code`, not the class. */
export type ProbeErrorCode =
  /** A plan is not written as plans are, or has a number outside its range. */
  | 'PROBE_ERR_PLAN'
  /** A plan needs the frames of the request and no framing was given, or the request has none of what the plans cut. */
  | 'PROBE_ERR_NO_TRIALS'
  /** The bytes are not frames of the framing that was given, or the framing keeps no boundaries. */
  | 'PROBE_ERR_FRAMING'
  /** A request, a conversation or an `until` is not written as it must be. */
  | 'PROBE_ERR_EXCHANGE'
  /** A recording is not one, is torn in the middle, or is over its limit. */
  | 'PROBE_ERR_RECORDING'
  /** A mask is no regular expression, or matches nothing but emptiness. */
  | 'PROBE_ERR_MASK'
  /** A report is not one, or reports do not belong to one campaign. */
  | 'PROBE_ERR_REPORT'
  /** A target is written wrongly, or is not loopback or private and was not declared as one's own. */
  | 'PROBE_ERR_TARGET'
  /** A connection to the target could not be made. */
  | 'PROBE_ERR_CONNECT'
  /** A delivery, a pace or a limit is not possible as asked. */
  | 'PROBE_ERR_DELIVERY'
  /** A journal of a campaign belongs to another campaign or cannot be read. */
  | 'PROBE_ERR_JOURNAL'
  /** A program that was to be started could not be, or its command line is not one. */
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

/** Thrown by this package for everything that a caller can get wrong or a machine can refuse. */
export class ProbeError extends Error {
  readonly code: ProbeErrorCode;

  constructor(code: ProbeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProbeError';
    this.code = code;
  }
}
