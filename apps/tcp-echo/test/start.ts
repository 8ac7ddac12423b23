import { startProgram } from '@socklab/testkit';
import type { Program, ProgramOptions } from '@socklab/testkit';

/** A running tcp-echo and the port it took. */
export interface Echo extends AsyncDisposable {
  readonly program: Program;
  readonly port: number;
}

/** Starts tcp-echo on a free port of 127.0.0.1. */
export async function startEcho(args: readonly string[] = [], options: ProgramOptions = {}): Promise<Echo> {
  const program = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', ...args], options);
  const port = await portOf(program);
  return { program, port, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

/** The port of the first endpoint that a program says it listens on. */
export async function portOf(program: Program): Promise<number> {
  const { endpoints } = await program.log('listening');
  return Number(/:(\d+)$/.exec(String((endpoints as string[])[0]))?.[1]);
}
