import { startProgram } from '@socklab/testkit';
import type { Program } from '@socklab/testkit';

/** A real `sticky-lab serve`. */
export interface LabProcess extends AsyncDisposable {
  readonly program: Program;
  /** Where it serves, such as `http://127.0.0.1:8080`. */
  readonly url: string;
}

/** Starts the service on a port that the system picks, or on the one given. */
export async function startLab(address: string = '127.0.0.1:0', args: readonly string[] = []): Promise<LabProcess> {
  const program = startProgram('sticky-lab', ['serve', '--http', address, ...args], { stdin: 'ignore' });
  const { endpoints } = await program.log('listening');
  return { program, url: (endpoints as readonly [string])[0], [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}
