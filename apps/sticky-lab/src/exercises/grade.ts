import { prepareProgram } from './run/program.ts';
import type { CheckResult, Exercise } from './exercise.ts';
import type { Text } from '@socklab/lab';

/** The result of one check. Plain JSON. */
export interface CheckGrade extends CheckResult {
  readonly name: Text;
  /** Points of the check; given completely or not at all. */
  readonly points: number;
  /** Whether it ran: after the first failed check no other does. */
  readonly isTried: boolean;
}

/** The grade of a program. Plain JSON. */
export interface Grade {
  readonly exercise: number;
  readonly id: string;
  readonly title: Text;
  /** The command, as given. */
  readonly command: readonly string[];
  readonly isPassed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  readonly checks: readonly CheckGrade[];
}

/**
 * Runs a program and grades it. Nothing of it leaves the machine, and none of its processes is left when this resolves.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when the program cannot be started; the signal's reason once it aborts.
 */
export async function grade(exercise: Exercise, command: readonly string[], signal: AbortSignal): Promise<Grade> {
  const { number, id, title } = exercise;
  const checks = await runChecks(exercise, command, signal);
  const points = checks.reduce((sum, check) => sum + (check.isMet ? check.points : 0), 0);
  const maxPoints = checks.reduce((sum, check) => sum + check.points, 0);
  return { exercise: number, id, title, command, isPassed: points === maxPoints, points, maxPoints, checks };
}

async function runChecks(exercise: Exercise, command: readonly string[], signal: AbortSignal): Promise<readonly CheckGrade[]> {
  const program = await prepareProgram(command);
  const grades: CheckGrade[] = [];
  try {
    for (const check of exercise.checks) {
      const { name, points } = check;
      // A wrong answer cannot be cut; a program that fails when cut needs no further checks.
      const isTried = grades.every(({ isMet }) => isMet);
      const result = isTried ? await check.run({ program, signal }) : { isMet: false, story: null };
      signal.throwIfAborted();
      grades.push({ name, points, isTried, ...result });
    }
    return grades;
  } finally {
    await program.stop();
  }
}
