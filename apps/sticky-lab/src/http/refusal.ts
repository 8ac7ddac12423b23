import type { Text } from '@socklab/lab';

/** The statuses of a refused request. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 429 | 503;

/** The answer to a refused request. */
export interface RefusalAnswer {
  /** What was seen and what is allowed, in English. */
  readonly error: string;
  /** The same in Chinese. */
  readonly zh: string;
  /** The refused part of the request: names joined by dots. Absent when it is none of them. */
  readonly field?: string;
}

/** A request that is refused, and why. Thrown by handlers. */
export class Refusal extends Error {
  readonly status: RefusalStatus;
  readonly answer: RefusalAnswer;

  constructor(status: RefusalStatus, { en, zh }: Text, field?: string) {
    super(en);
    this.name = 'Refusal';
    this.status = status;
    this.answer = { error: en, zh, ...(field === undefined ? {} : { field }) };
  }
}
