import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A contender: how to start it. */
export interface Program {
  readonly name: string;
  readonly command: readonly string[];
}

/** A contender that cannot run here, and why. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

/** Whether a contender can run. */
export function isPresent<Contender extends Program>(contender: Contender | Absent): contender is Contender {
  return 'command' in contender;
}

/** Whether it cannot. */
export function isAbsent(contender: Program | Absent): contender is Absent {
  return 'reason' in contender;
}

const run = promisify(execFile);

/**
 * Compiles a contender.
 *
 * @param reason - Why it is missing when it cannot be compiled: `no C compiler`.
 * @param compile - The command that writes the program to `file`.
 */
export async function compiled(name: string, reason: string, compile: readonly string[], file: string): Promise<Program | Absent> {
  const [compiler = '', ...args] = compile;
  try {
    await run(compiler, args);
    return { name, command: [file] };
  } catch {
    return { name, reason };
  }
}

/**
 * A contender in Python.
 *
 * @param interpreter - For example `python3`. The binary behind it is run, not a script that starts it: its processor time is measured.
 */
export async function interpreted(name: string, reason: string, interpreter: string, file: string): Promise<Program | Absent> {
  try {
    const { stdout } = await run(interpreter, ['-c', 'import sys; print(sys.executable)']);
    return { name, command: [stdout.trim(), file] };
  } catch {
    return { name, reason };
  }
}
