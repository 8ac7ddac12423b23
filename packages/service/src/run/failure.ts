import { CommanderError } from 'commander';
import { EXIT, ServiceError } from '../base/exit.ts';
import { codeOf } from '../base/system-error.ts';

/** How an expected error ends a program. */
export interface Failure {
  /** One line for the user, without the program's name; empty when it was printed already. */
  readonly text: string;
  readonly exitCode: number;
}

/** Texts for the system errors that a client meets, put before what the system says. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the other side reset the connection',
  EPIPE: 'the other side closed the connection',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'no such host',
  EHOSTUNREACH: 'no route to that host',
  ENETUNREACH: 'that network is unreachable',
  EMSGSIZE: 'too long for one datagram',
  EACCES: 'not permitted',
  ENOENT: 'no such file',
};

/**
 * Turns an error that the user can act on into its line and exit code: errors of the command line, of this package
 * and of its siblings (`<PACKAGE>_ERR_<WHAT>`), and of the system (connection refused, …).
 * @returns undefined for anything else, which is a bug of the program.
 */
export function expectedFailure(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) return commandLineFailure(error);
  if (error instanceof ServiceError) return { text: error.message, exitCode: error.exitCode };
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error) ?? '';
  if (/^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*_ERR_/.test(code)) {
    return { text: `${error.message} (${code})`, exitCode: EXIT.failed };
  }
  return systemFailure(error, code);
}

function commandLineFailure(error: CommanderError): Failure {
  if (error.exitCode === 0) return { text: '', exitCode: EXIT.ok };
  // "help" that was not asked for: a command is missing, and the help is already on standard error.
  if (error.code === 'commander.help') return { text: '', exitCode: EXIT.usage };
  const text = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return { text, exitCode: EXIT.usage };
}

function systemFailure(error: Error, code: string): Failure | undefined {
  // A name with several addresses fails once for each of them: the first error is enough.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error) || !('syscall' in first)) return undefined;
  const words = SYSTEM_ERRORS[code];
  const text = words === undefined ? first.message : `${words} (${first.message})`;
  return { text, exitCode: EXIT.failed };
}
