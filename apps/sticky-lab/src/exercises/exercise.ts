import type { StudentProgram } from './run/program.ts';
import type { Text } from '@socklab/lab';

/** What a check works with. */
export interface CheckContext {
  /** The student's program; started anew where it has ended. */
  readonly program: StudentProgram;
  /** Aborts when the grading is called off. */
  readonly signal: AbortSignal;
}

/** What came of a check. Plain JSON. */
export interface CheckResult {
  readonly isMet: boolean;
  /** What was seen; `null` when it went well. */
  readonly story: Text | null;
}

/** One thing that a program is judged by. */
export interface Check {
  readonly name: Text;
  readonly points: number;
  run(context: CheckContext): Promise<CheckResult>;
}

/** What the student's program is to others. */
export type ProgramKind = 'tcp-server' | 'udp-server' | 'tcp-client';

/** An exercise: one file each, its name is the id. Its points are 10 in all. */
export interface Exercise {
  /** Its place in the order of the exercises, from 1. */
  readonly number: number;
  readonly id: string;
  readonly title: Text;
  readonly kind: ProgramKind;
  /** What the program has to do. */
  readonly task: Text;
  /** Given one at a time, from the vaguest on. */
  readonly hints: readonly Text[];
  /** In order; after one that is not met, those that need it are not tried. */
  readonly checks: readonly Check[];
}

/** A check that was met. */
export const MET: CheckResult = { isMet: true, story: null };

/** A check that was not met, and what was seen. */
export function notMet(en: string, zh: string): CheckResult {
  return { isMet: false, story: { en, zh } };
}
