import type { Text } from '@socklab/lab';

/** Bytes as text with the escapes `\n \r \t \0 \\ \xHH \u{H}`, or as hex. Exactly one of them. */
export interface RequestText {
  readonly text?: string | undefined;
  readonly hex?: string | undefined;
}

/** A server to try the probe on. */
export interface PracticeOffer {
  readonly name: string;
  readonly title: Text;
  /** What is wrong with it. */
  readonly fault: Text;
  readonly framing: string;
  readonly request: RequestText;
  readonly plans: string;
}
