import { MEASURED_TURNS } from '@socklab/bench';
import type { Program } from '@socklab/testkit';

/** The environment of a program whose turns are measured. */
export const TURNS_ENVIRONMENT: Readonly<Record<string, string>> = { NODE_OPTIONS: MEASURED_TURNS.join(' ') };

/** Begins to measure: what came before, as the start of the program, does not count. */
export async function measureTurns(program: Program): Promise<void> {
  program.signal('SIGUSR2');
  await program.log('turns');
}

/** The longest turn from {@link measureTurns} to the end of a program, in milliseconds of processor time. */
export async function longestTurnMs(program: Program): Promise<number> {
  return Number((await program.log('turns', { nth: 2 }))['longestTurnMs']);
}
