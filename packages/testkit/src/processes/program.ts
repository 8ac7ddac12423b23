import { join } from 'node:path';
import { repoRoot } from '../project/repo-root.ts';
import { launch } from './launch.ts';
import type { Launched, OutputStream, ProgramExit } from './launch.ts';

/** The services, by the name of their folder in `apps/`. */
export type App = 'tcp-echo' | 'udp-multi' | 'sticky-lab';

/** Selects a line: it matches the pattern, or the function returns true. */
export type LinePattern = RegExp | ((line: string) => boolean);

/** Options of {@link startProgram} and {@link startCommand}. */
export interface ProgramOptions {
  /** Added to the clean environment (PATH, HOME, NO_COLOR=1). */
  readonly env?: Readonly<Record<string, string>>;
  /** @defaultValue 'pipe' */
  readonly stdin?: 'pipe' | 'ignore';
  /** Our open descriptors that the process inherits, as its 3, 4 … in this order. */
  readonly fds?: readonly number[];
  /** Gives the process an IPC channel: {@link Program.message}, {@link Program.send}, {@link Program.disconnect}. */
  readonly ipc?: boolean;
  /** @defaultValue the app's folder for {@link startProgram}, the current one for {@link startCommand} */
  readonly cwd?: string;
  /** Longest any wait lasts, in milliseconds. @defaultValue 20_000 */
  readonly deadlineMs?: number;
}

/** Options of {@link Program.line}. */
export interface LineOptions {
  /** @defaultValue 'stdout' */
  readonly from?: OutputStream;
  /** 1 for the first line that matches, 2 for the second … @defaultValue 1 */
  readonly nth?: number;
}

/** Options of {@link Program.log}. */
export interface LogOptions {
  /** Only entries for which this returns true count. */
  readonly where?: (entry: Record<string, unknown>) => boolean;
  /** 1 for the first entry that matches, 2 for the second … @defaultValue 1 */
  readonly nth?: number;
}

/**
 * A real process under test. `await using` ends it (SIGKILL) with the test.
 *
 * Every wait covers past and future output, and rejects with the whole output (the last MiB of each stream) when
 * the process ends first or nothing matched within 20 seconds.
 */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Writes to its standard input. Does nothing once the process is gone: the next wait reports that. */
  write(text: string | Uint8Array): void;
  /** Ends its standard input. */
  endInput(): void;
  /** Sends a signal; false when the process is already gone. */
  signal(name: NodeJS.Signals): boolean;
  /** A whole line, without its line ending. With the name of a stream instead of options: from that stream. */
  line(pattern: LinePattern, options?: OutputStream | LineOptions): Promise<string>;
  /** Output so far, which need not end in a newline: for prompts. Resolves with the match. */
  waitFor(pattern: RegExp, from?: OutputStream): Promise<RegExpMatchArray>;
  /** The JSON log line, on either stream, whose `msg` is `message`. */
  log(message: string, options?: LogOptions): Promise<Record<string, unknown>>;
  /** All JSON log lines so far, of both streams; those of one `message` when given. */
  logs(message?: string): Record<string, unknown>[];
  /** A message from its IPC channel for which `match` returns true; the first one without `match`. */
  message(match?: (message: unknown) => boolean): Promise<unknown>;
  /** Sends over the IPC channel. */
  send(message: object): void;
  /** Closes the IPC channel, as the death of a parent does. */
  disconnect(): void;
  output(): Record<OutputStream, string>;
  /** Resolves when the process has ended and all its output is read. */
  exit(): Promise<ProgramExit>;
}

/** The command and arguments that run `apps/<app>/src/main.ts` from source, without a build. */
export function programCommand(app: App, args: readonly string[] = []): readonly string[] {
  return sourceCommand(join(repoRoot, 'apps', app, 'src', 'main.ts'), args);
}

/** The command that runs a TypeScript file from source, with workspace packages from source too. */
export function sourceCommand(file: string, args: readonly string[] = []): readonly string[] {
  return [process.execPath, '-C', '@socklab/source', file, ...args];
}

/** Starts a service from source, in its own folder. */
export function startProgram(app: App, args: readonly string[] = [], options: ProgramOptions = {}): Program {
  return startCommand(programCommand(app, args), { cwd: join(repoRoot, 'apps', app), ...options });
}

/** Starts any command, program name first. Throws when it cannot be started. */
export function startCommand(command: readonly string[], options: ProgramOptions = {}): Program {
  const [name, ...args] = command;
  if (name === undefined) throw new RangeError('a command needs at least a program name');
  const { env, stdin, cwd, deadlineMs, fds = [], ipc = false } = options;
  const extra = [...fds, ...(ipc ? ['ipc' as const] : [])];
  return new ChildProgram(launch(name, args, { env, stdin, cwd, deadlineMs, extra }), ipc);
}

class ChildProgram implements Program {
  readonly #launched: Launched;
  readonly #ipc: boolean;
  readonly #messages: unknown[] = [];

  constructor(launched: Launched, ipc: boolean) {
    this.#launched = launched;
    this.#ipc = ipc;
    launched.child.on('message', (message) => {
      this.#messages.push(message);
      launched.watch.changed();
    });
  }

  get pid(): number {
    return this.#launched.pid;
  }

  write(text: string | Uint8Array): void {
    this.#stdin().write(text);
  }

  endInput(): void {
    this.#stdin().end();
  }

  signal(name: NodeJS.Signals): boolean {
    return this.#launched.child.kill(name);
  }

  line(pattern: LinePattern, options: OutputStream | LineOptions = {}): Promise<string> {
    const { from = 'stdout', nth = 1 } = typeof options === 'string' ? { from: options } : options;
    // search, not test: a pattern with the flag g would start where its last match ended.
    const matches = typeof pattern === 'function' ? pattern : (line: string) => line.search(pattern) >= 0;
    const next = this.#matchingLines(from, (line) => (matches(line) ? line : undefined));
    return this.#launched.watch.until(`${ordinal(nth)}line ${String(pattern)} on ${from}`, nthOf(nth, next));
  }

  waitFor(pattern: RegExp, from: OutputStream = 'stdout'): Promise<RegExpMatchArray> {
    const once = new RegExp(pattern, pattern.flags.replaceAll(/[gy]/g, ''));
    return this.#launched.watch.until(`${String(pattern)} on ${from}`, () => this.#launched.output[from].text.match(once) ?? undefined);
  }

  log(message: string, { where = () => true, nth = 1 }: LogOptions = {}): Promise<Record<string, unknown>> {
    const wanted = (line: string): Record<string, unknown> | undefined => {
      const entry = logEntry(line);
      return entry?.['msg'] === message && where(entry) ? entry : undefined;
    };
    const out = this.#matchingLines('stdout', wanted);
    const err = this.#matchingLines('stderr', wanted);
    const check = nthOf(nth, () => out() ?? err());
    return this.#launched.watch.until(`${ordinal(nth)}log line '${message}'`, check);
  }

  logs(message?: string): Record<string, unknown>[] {
    const found: Record<string, unknown>[] = [];
    for (const from of ['stdout', 'stderr'] as const) {
      const next = this.#matchingLines(from, logEntry);
      for (let entry = next(); entry !== undefined; entry = next()) found.push(entry);
    }
    return message === undefined ? found : found.filter((entry) => entry['msg'] === message);
  }

  message(match: (message: unknown) => boolean = () => true): Promise<unknown> {
    this.#requireIpc();
    return this.#launched.watch.until('an IPC message', () => this.#messages.find((message) => match(message)));
  }

  send(message: object): void {
    this.#requireIpc();
    this.#launched.child.send(message);
  }

  disconnect(): void {
    this.#requireIpc();
    this.#launched.child.disconnect();
  }

  output(): Record<OutputStream, string> {
    return { stdout: this.#launched.output.stdout.text, stderr: this.#launched.output.stderr.text };
  }

  exit(): Promise<ProgramExit> {
    return this.#launched.exit();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#launched.kill();
  }

  /** Each call returns the next line for which there is a result, and `undefined` when there is none yet. */
  #matchingLines<T>(from: OutputStream, read: (line: string) => T | undefined): () => T | undefined {
    const transcript = this.#launched.output[from];
    let index = 0;
    return () => {
      index = Math.max(index, transcript.firstLine);
      while (index < transcript.lineCount) {
        const found = read(transcript.line(index++) ?? '');
        if (found !== undefined) return found;
      }
      return undefined;
    };
  }

  #stdin(): NonNullable<Launched['child']['stdin']> {
    const { stdin } = this.#launched.child;
    if (stdin === null) throw new Error(`started with stdin: 'ignore', so there is nothing to write to`);
    return stdin;
  }

  #requireIpc(): void {
    if (!this.#ipc) throw new Error('started without ipc: true, so it has no IPC channel');
  }
}

/** A check that holds at the nth thing `next` gives, over any number of calls. */
function nthOf<T>(nth: number, next: () => T | undefined): () => T | undefined {
  let seen = 0;
  return () => {
    for (let found = next(); found !== undefined; found = next()) {
      seen += 1;
      if (seen === nth) return found;
    }
    return undefined;
  };
}

function ordinal(nth: number): string {
  return nth === 1 ? '' : `match ${nth} of `;
}

function logEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    // A client may print lines with braces among the log lines.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
