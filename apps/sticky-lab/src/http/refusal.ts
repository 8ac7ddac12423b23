import type { Text } from '@socklab/lab';

/** The statuses of a refused request. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 429 | 503;

/** What a refused request is answered. */
export interface RefusalAnswer {
  /** What was seen and what is allowed, in English. */
  readonly error: string;
  /** The same in Chinese. */
  readonly zh: string;
  /** Which part of the request is meant: names joined by dots. Absent when it is none of them. */
  readonly field?: string;
}

/** A request that is not done, and why. Thrown by what answers requests. */
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
