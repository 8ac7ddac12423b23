/** How a program reads a number at the place `at`. */
export interface FieldReader {
  /** Finds its width, in `width`, and refuses invalid ones. */
  readonly measure: readonly string[];
  /** Reads it into `value`; sets `isHuge` to 1 beyond 2^53 − 1, and `isNegative` below 0. */
  readonly read: readonly string[];
}
