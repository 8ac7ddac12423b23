import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A program that listens. Disposing of it kills it. */
export interface Listening extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** The next line of standard output after the one with the port; of unread lines the last {@link MAX_KEPT} are kept. */
  nextLine(): Promise<string>;
}

/** How a port is printed: alone on a line, in a log of ours, in the log of socat. */
const PORT_LINES = [
  /^(\d+)$/,
  /"endpoints":\["(?:tcp|udp):\/\/(?:127\.0\.0\.1|\[::1\]):(\d+)"\]/,
  /listening on (?:UDP )?AF=2 127\.0\.0\.1:(\d+)$/,
];

/** Lines of standard output, and of standard error, that are kept. */
const MAX_KEPT = 20;

/**
 * Starts a program and waits until it prints its port, on standard output or standard error.
 *
 * @param onLine - called with each line of standard output and standard error, that of the port too.
 * @throws Error when it ends before that, with its standard error.
 */
export async function startListening(command: readonly string[], onLine: (line: string) => void = () => {}): Promise<Listening> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const output = followLines(child.stdout, onLine);
  const errors = followLines(child.stderr, onLine);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve())).then(() => {
    throw new Error(`${command.join(' ')} ended before it listened: ${errors.kept().join('\n')}`);
  });
  const port = await Promise.race([output.port, errors.port, ended]);
  ended.catch(() => undefined);
  return {
    pid: child.pid!,
    port,
    nextLine: () => output.next(),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

interface Lines {
  readonly port: Promise<number>;
  /** Rejects once the stream has ended. */
  next(): Promise<string>;
  kept(): readonly string[];
}

function followLines(stream: Readable, onLine: (line: string) => void): Lines {
  const port = Promise.withResolvers<number>();
  const kept: string[] = [];
  let isPortKnown = false;
  let hasEnded = false;
  let change = Promise.withResolvers<void>();
  const changed = (): void => {
    change.resolve();
    change = Promise.withResolvers();
  };
  const lines = createInterface({ input: stream });
  lines.on('line', (line) => {
    onLine(line);
    const digits = isPortKnown ? undefined : portIn(line);
    if (digits === undefined) kept.push(line);
    else {
      isPortKnown = true;
      port.resolve(Number(digits));
    }
    if (kept.length > MAX_KEPT) kept.shift();
    changed();
  });
  lines.once('close', () => {
    hasEnded = true;
    changed();
  });
  return {
    port: port.promise,
    async next() {
      while (kept.length === 0) {
        if (hasEnded) throw new Error('the program has ended');
        await change.promise;
      }
      return kept.shift()!;
    },
    kept: () => kept,
  };
}

function portIn(line: string): string | undefined {
  return PORT_LINES.map((pattern) => pattern.exec(line)?.[1]).find((digits) => digits !== undefined);
}
