import type { StudentProgram } from './run/program.ts';
import type { Text } from '@socklab/lab';

/** What a check works with. */
export interface CheckContext {
  /** The student's program; restarted when it has exited. */
  readonly program: StudentProgram;
  /** Aborts when the grading is cancelled. */
  readonly signal: AbortSignal;
}

/** The result of a check. Plain JSON. */
export interface CheckResult {
  readonly isMet: boolean;
  /** What was seen; `null` when it passed. */
  readonly story: Text | null;
}

/** One check of a program. */
export interface Check {
  readonly name: Text;
  readonly points: number;
  run(context: CheckContext): Promise<CheckResult>;
}

/** The role of the student's program. */
export type ProgramKind = 'tcp-server' | 'udp-server' | 'tcp-client';

/** An exercise: one file each, named by its id. Its points add up to 10. */
export interface Exercise {
  /** Its place in the order of the exercises, from 1. */
  readonly number: number;
  readonly id: string;
  readonly title: Text;
  readonly kind: ProgramKind;
  /** What the program has to do. */
  readonly task: Text;
  /** Given one at a time, the vaguest first. */
  readonly hints: readonly Text[];
  /** In order; after a failed one, those that depend on it are skipped. */
  readonly checks: readonly Check[];
}

/** A passed check. */
export const MET: CheckResult = { isMet: true, story: null };

/** A failed check, and what was seen. */
export function notMet(en: string, zh: string): CheckResult {
  return { isMet: false, story: { en, zh } };
}
