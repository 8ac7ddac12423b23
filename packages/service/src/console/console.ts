import { createInterface } from 'node:readline';
import { isReaderGone } from '../base/system-error.ts';
import { openConsoleOutput, patientScreen } from './console-output.ts';
import { createLineQueue, MAX_WAITING_LINES } from './line-queue.ts';
import { createLineRouter } from './line-router.ts';
import { logDestination } from './log.ts';
import { plainScreen, terminalScreen } from './screen.ts';
import type { LineListener } from './line-router.ts';
import type { Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Where a person answers peers: a terminal, or lines from a pipe. */
export interface OperatorConsole {
  /**
   * Asks for the next line of input, without its newline; undefined once the input ended. Asks are answered in order. A
   * line that arrived before it was asked for waits. An aborted ask rejects with the signal's reason and takes no line.
   */
  ask(signal?: AbortSignal): Promise<string | undefined>;
  /** Shows lines of text, above the prompt. The text must be safe to show: see `printable`. */
  print(text: string): void;
  /** Log lines written here appear above the prompt too. */
  readonly logDestination: Writable;
  /** Resolves once the input ended and every line of it was taken. */
  readonly ended: Promise<void>;
  /** Stops reading: open asks get undefined, and the terminal is restored. */
  close(): void;
}

/** Options of {@link createOperatorConsole}. */
export interface ConsoleOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** @defaultValue `'>>> '` in a terminal, else none: the output of a pipe is the conversation and nothing else */
  readonly prompt?: string;
  /** Line editing, a history, and a prompt that stays below what is printed. False for pipes and files. */
  readonly terminal: boolean;
  /** What Ctrl-C does in a terminal. @defaultValue SIGINT to this process */
  readonly onInterrupt?: () => void;
  /** Handles each line first. @defaultValue every line waits to be asked for, and Tab is a character */
  readonly listener?: LineListener;
  /** Whether a terminal shows its prompt all the time, not only while a line is asked for. @defaultValue false */
  readonly promptsAlways?: boolean;
}

/** Lines of the history. */
const HISTORY_LINES = 1000;

/** An operator's console on the given streams. */
export function createOperatorConsole(options: ConsoleOptions): OperatorConsole {
  const { output, prompt = options.terminal ? '>>> ' : '', onInterrupt = interruptProcess, listener, promptsAlways = false } = options;
  // A dumb terminal cannot move its cursor, so nothing can be drawn above a prompt.
  const terminal = options.terminal && process.env['TERM'] !== 'dumb';
  const bounded = openConsoleOutput(output);
  const reader = openReader({ ...options, output: bounded.stream }, terminal);
  const plain = plainScreen(bounded, prompt);
  let current = terminal ? terminalScreen(reader, bounded.stream, prompt) : plain;
  const screen = patientScreen(() => current, bounded);
  let isClosed = false;
  let isTerminalGone = false;

  const keepBounded = () => {
    if (isClosed) return;
    if (!terminal && queue.waitingLines >= MAX_WAITING_LINES) reader.pause();
    else reader.resume();
  };
  const queue = createLineQueue(() => {
    screen.changed(promptsAlways || queue.isAsked);
    keepBounded();
  });
  const write = (text: string) => {
    screen.write(text);
    keepBounded();
  };

  // Keys must be read however many lines wait: Ctrl-C is one of them.
  const route = createLineRouter({ listener, queue, isNeverPaused: terminal, print: write, showPrompt: () => screen.asked() });

  reader.on('line', (line) => {
    // A command can close the console while further lines of the same input still wait.
    if (!isClosed) route(line);
  });
  reader.on('SIGINT', onInterrupt);
  reader.on('error', (error: Error) => {
    // The terminal was closed: there is no more input.
    if (!isReaderGone(error)) throw error;
    // Closing restores the mode of the terminal, which fails again when there is no terminal.
    if (isTerminalGone) return;
    isTerminalGone = true;
    reader.close();
  });
  reader.once('close', () => {
    isClosed = true;
    current.close();
    current = plain;
    bounded.close();
    queue.end();
  });
  if (promptsAlways) screen.changed(true);
  return {
    ask(signal) {
      if (!isClosed && signal?.aborted !== true) screen.asked();
      return queue.ask(signal);
    },
    print: write,
    logDestination: logDestination(write, terminal),
    ended: queue.ended,
    close() {
      queue.drop();
      reader.close();
    },
  };
}

function openReader({ input, output, listener }: ConsoleOptions, terminal: boolean): Interface {
  return createInterface({
    input,
    output: terminal ? output : undefined,
    terminal,
    historySize: HISTORY_LINES,
    ...(listener === undefined ? {} : { completer: (typed: string) => listener.complete(typed) }),
  });
}

function interruptProcess(): void {
  // In raw mode Ctrl-C is a key like any other; the system sends no signal.
  process.kill(process.pid, 'SIGINT');
}
