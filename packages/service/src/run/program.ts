import { Command, CommanderError } from 'commander';
import { ignoreDebuggerSignal } from '../base/debugger.ts';
import { EXIT, ServiceError } from '../base/exit.ts';
import { guardProcess } from '../log/guards.ts';
import { createLogger } from '../log/logger.ts';
import { flushOutput } from '../log/output.ts';
import { mistypedName } from '../options/mistyped.ts';
import { dropFalseFlags } from '../options/option.ts';
import { refuseUnknownVariable } from '../options/unknown-variable.ts';
import { expectedFailure } from './failure.ts';
import { tooOldNode } from './node-version.ts';

/** What a program tells about itself. */
export interface ProgramOptions {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/**
 * A commander program whose errors {@link runProgram} handles. Options after a subcommand's name belong to the
 * subcommand, so both may have an option of the same name.
 */
export function createProgram({ name, version, description }: ProgramOptions): Command {
  return new Command(name)
    .description(description)
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
}

/**
 * Runs a program to its end. An error that the user can act on is one line on standard error, `tcp-echo: …`, and
 * its exit code; so is an environment variable that begins like those of the program and is none of them. Anything
 * else is logged with its stack, exit code 1. When the reader of standard output is gone, as in `tcp-echo connect
 * … | head -1`, the program ends quietly. SIGUSR1 does nothing.
 *
 * @param argv - `process.argv`.
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  const old = tooOldNode(process.versions.node);
  if (old !== undefined) {
    process.stderr.write(`${program.name()}: ${old}\n`);
    process.exit(EXIT.failed);
  }
  ignoreDebuggerSignal();
  const release = guardProcess({
    crashed: (error) => tell(program.name(), error),
    outputClosed: () => process.exit(EXIT.ok),
  });
  try {
    const commands = allCommands(program);
    for (const command of commands) dropFalseFlags(command.options, process.env);
    const known = new Set(commands.flatMap(({ options }) => options.flatMap(({ envVar }) => envVar ?? [])));
    // Only before an action: --help and --version must not fail for a wrong variable.
    program.hook('preAction', () => refuseUnknownVariable(program.name(), known, process.env));
    await parseWords(program, argv.slice(2));
    await flushOutput();
  } catch (error) {
    await fail(program.name(), error);
  } finally {
    release();
  }
}

/**
 * Does what the words behind the name of a program say, in this process: {@link runProgram} without what belongs to a process.
 *
 * @throws ServiceError for a mistyped name, CommanderError for other wrong usage, and what the action throws.
 */
export async function parseWords(program: Command, words: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    const text = error instanceof CommanderError ? mistypedName(program, words, error) : undefined;
    throw text === undefined ? error : new ServiceError('SERVICE_ERR_USAGE', text, { cause: error });
  }
}

async function fail(name: string, error: unknown): Promise<void> {
  const failure = expectedFailure(error);
  if (failure === undefined) logUnexpected(name, error);
  else if (failure.text !== '') process.stderr.write(`${name}: ${failure.text}\n`);
  await flushOutput();
  process.exit(failure?.exitCode ?? EXIT.failed);
}

/** Of errors that nothing awaits, only our own are surely not bugs of the program. */
function tell(name: string, error: unknown): void {
  if (error instanceof ServiceError) process.stderr.write(`${name}: ${error.message}\n`);
  else logUnexpected(name, error);
}

function logUnexpected(app: string, error: unknown): void {
  createLogger({ app, destination: process.stderr }).error({ err: error }, 'unexpected error');
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}
