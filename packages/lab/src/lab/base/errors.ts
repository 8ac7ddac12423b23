import type { Text } from '../../text.ts';

/** Error codes of the lab, for programs; the message is for people. */
export type LabErrorCode =
  /** No experiment has this id. */
  | 'LAB_ERR_UNKNOWN_EXPERIMENT'
  /** The experiment has no such parameter, or the value is not allowed. */
  | 'LAB_ERR_PARAMETER'
  /** The run did not end within its time limit. */
  | 'LAB_ERR_TIME_LIMIT'
  /** The run was cancelled by its caller. */
  | 'LAB_ERR_ABORTED'
  /** The program of a receiver asked for an invalid read size. */
  | 'LAB_ERR_RECV'
  /** A socket closed while bytes were still expected. */
  | 'LAB_ERR_CLOSED'
  /** An experiment failed, or its answer is not the expected one. */
  | 'LAB_ERR_UNEXPECTED';

/** Additional fields of a {@link LabError}. */
export interface LabErrorOptions extends ErrorOptions {
  /** The message in Chinese. @defaultValue the message */
  readonly zh?: string;
  /** The name of the parameter that is refused. */
  readonly parameter?: string;
}

/** Error of the lab. The message says what was seen and what is allowed. */
export class LabError extends Error {
  readonly code: LabErrorCode;
  /** The message in both languages. */
  readonly text: Text;
  /** Name of the invalid parameter; `undefined` for other errors. */
  readonly parameter: string | undefined;

  constructor(code: LabErrorCode, message: string, { zh = message, parameter, ...options }: LabErrorOptions = {}) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
    this.text = { en: message, zh };
    this.parameter = parameter;
  }
}
