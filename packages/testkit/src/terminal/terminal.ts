import { join } from 'node:path';
import { availableOrRequired, introduction } from '../processes/installed.ts';
import { launch } from '../processes/launch.ts';
import { programCommand } from '../processes/program.ts';
import { repoRoot } from '../project/repo-root.ts';
import { createScreen } from './screen.ts';
import type { Launched } from '../processes/launch.ts';
import type { App } from '../processes/program.ts';
import type { Screen, ScreenSize } from './screen.ts';

/** The bytes that keys send. */
export const keys = {
  enter: '\r',
  ctrlC: '\x03',
  ctrlD: '\x04',
  backspace: '\x7f',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
} as const;

/** Options of {@link startTerminal}. */
export interface TerminalOptions {
  /** Added to the clean environment (PATH, HOME, NO_COLOR=1, TERM=xterm-256color). */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** @defaultValue 100 columns, 30 rows */
  readonly size?: ScreenSize;
  /** Longest any wait lasts, in milliseconds. @defaultValue 20_000 */
  readonly deadlineMs?: number;
}

/** How the program in a terminal ended. */
export interface TerminalExit {
  /** Its exit code; 128 + n when signal n ended it, as in a shell; `null` when the terminal itself was killed. */
  readonly code: number | null;
  /** The last screen. */
  readonly screen: string;
}

/**
 * A real process on a real pseudo-terminal. `await using` ends it (SIGKILL) with the test.
 *
 * Waits see what is already on the screen, and reject with the screen when the program ends first or 20 seconds pass.
 */
export interface Terminal extends AsyncDisposable {
  /** The process id of the program itself. */
  pid(): Promise<number>;
  /** Types: the text itself, or one of {@link keys}. */
  write(text: string): void;
  /** Types a line and Enter. */
  enter(line: string): void;
  /** The text on the screen, including rows that scrolled away. */
  screenText(): string;
  /** The cursor position: row counted from 0 in {@link screenText}, column from 0. */
  cursor(): { readonly row: number; readonly column: number };
  /** Everything the program wrote (the last MiB), with escape sequences. */
  rawText(): string;
  /** Resolves with the match as soon as the screen shows it. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves as soon as `check` holds, evaluated after each piece of output; `what` is for the message of a failed wait. */
  until(what: string, check: () => boolean): Promise<void>;
  exit(): Promise<TerminalExit>;
  /** Closes the terminal under the program, like closing its window. */
  hangUp(): void;
}

/** Whether a terminal is available: needs `script` of util-linux. Throws instead where peers are required. */
export function terminalAvailable(): boolean {
  const found = introduction('script', '--version')?.includes('util-linux') ?? false;
  return availableOrRequired(found, 'script (util-linux)');
}

/** Starts a service from source in a terminal. */
export function startProgramTerminal(app: App, args: readonly string[] = [], options: TerminalOptions = {}): Terminal {
  return startTerminal(programCommand(app, args), { cwd: join(repoRoot, 'apps', app), ...options });
}

/** Starts a command in a terminal of its own. Throws where {@link terminalAvailable} is false. */
export function startTerminal(command: readonly string[], options: TerminalOptions = {}): Terminal {
  if (!terminalAvailable()) throw new Error('no terminal here: script (util-linux) is not installed');
  return new PtyTerminal(command, options);
}

class PtyTerminal implements Terminal {
  readonly #launched: Launched;
  readonly #screen: Screen;
  #pid: number | undefined;

  constructor(command: readonly string[], { env, cwd, deadlineMs, size = { columns: 100, rows: 30 } }: TerminalOptions) {
    this.#screen = createScreen(size);
    this.#launched = launch('script', ['--quiet', '--return', '--flush', '--command', inTerminal(command, size), '/dev/null'], {
      env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
      cwd,
      deadlineMs,
      extra: ['pipe'],
      onOutput: (_stream, text) => this.#screen.write(text),
      describe: () => ['--- screen', this.#screen.text(), '---'].join('\n'),
    });
    this.#launched.child.stdio[3]?.on('data', (line: Buffer) => {
      this.#pid = Number(line.toString('latin1'));
      this.#launched.watch.changed();
    });
  }

  pid(): Promise<number> {
    return this.#launched.watch.until('the program to start', () => this.#pid);
  }

  write(text: string): void {
    this.#launched.child.stdin?.write(text);
  }

  enter(line: string): void {
    this.write(line + keys.enter);
  }

  screenText(): string {
    return this.#screen.text();
  }

  cursor(): { row: number; column: number } {
    return this.#screen.cursor();
  }

  rawText(): string {
    return this.#launched.output.stdout.text;
  }

  waitFor(pattern: RegExp): Promise<RegExpMatchArray> {
    const once = new RegExp(pattern, pattern.flags.replaceAll(/[gy]/g, ''));
    return this.#launched.watch.until(`${String(pattern)} on the screen`, () => this.#screen.text().match(once) ?? undefined);
  }

  async until(what: string, check: () => boolean): Promise<void> {
    await this.#launched.watch.until(what, () => check() || undefined);
  }

  async exit(): Promise<TerminalExit> {
    const { code } = await this.#launched.exit();
    return { code, screen: this.#screen.text() };
  }

  hangUp(): void {
    this.#launched.child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { child } = this.#launched;
    if (this.#pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(this.#pid);
    await this.#launched.kill();
  }
}

/** A shell line that reports its process id on descriptor 3, sets the size of its terminal and becomes the command. */
function inTerminal(command: readonly string[], { columns, rows }: ScreenSize): string {
  return `echo $$ >&3; exec 3>&-; stty rows ${rows} columns ${columns} iutf8; exec ${command.map(quoted).join(' ')}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function killGroup(pid: number): void {
  try {
    // It leads a session of its own, so this reaches what it started there and nothing else.
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
