import { fileURLToPath } from 'node:url';
import { sourceCommand, startCommand } from '../src/index.ts';
import type { Program, ProgramOptions } from '../src/index.ts';

/** The absolute path of a file in `fixtures/`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** Starts `fixtures/puppet.ts`, which does what is written to it. */
export function startPuppet(options: ProgramOptions = {}, args: readonly string[] = []): Program {
  return startCommand(sourceCommand(fixture('puppet.ts'), args), options);
}
