import { spawn } from 'node:child_process';
import { ANSWER_BYTES, numberQuestion, QUESTION_BYTES, readSocketAnswer } from './sock-diag.ts';
import type { SocketQueues } from './sock-diag.ts';
import type { ChildProcess } from 'node:child_process';

/** Asks the kernel about single sockets. */
export interface SocketDiag {
  /** False once nothing can be asked any more. */
  readonly isOpen: boolean;
  /**
   * Asks all questions, in their order, so that the first is answered before the second is looked up.
   *
   * @returns an answer for each; undefined once nothing can be asked any more. One call at a time.
   */
  readonly ask: (questions: readonly Buffer[]) => Promise<readonly SocketQueues[] | undefined>;
  readonly close: () => void;
}

/** Node.js has no netlink sockets. Perl has, without any module, and is part of every Debian and Ubuntu. */
const PUMP = `
use strict;
$SIG{INT} = 'IGNORE';
socket(my $kernel, 16, 3, 4) or exit 1;
my $asked = '';
while (sysread(STDIN, $asked, 65536, length $asked)) {
  my $answers = '';
  while ((my $count = int(length($asked) / ${QUESTION_BYTES})) > 0) {
    $count = 64 if $count > 64;
    defined syswrite($kernel, substr($asked, 0, $count * ${QUESTION_BYTES}, '')) or exit 1;
    for (1 .. $count) {
      defined sysread($kernel, my $answer, 8192) or exit 1;
      exit 1 if length $answer < ${ANSWER_BYTES};
      $answers .= substr($answer, 0, ${ANSWER_BYTES});
    }
  }
  while (length $answers) { substr($answers, 0, syswrite(STDOUT, $answers) || exit 1, '') }
}
`;

interface Asking {
  readonly count: number;
  readonly resolve: (answers: readonly SocketQueues[] | undefined) => void;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** How long one answer may take, in milliseconds: the questions take microseconds. */
const PATIENCE_MS = 2_000;

/**
 * Starts the process that asks. It ends with this one, and keeps neither the event loop nor a terminal's signals. Once it is silent for
 * `patienceMs` it is closed.
 */
export function startSocketDiag(patienceMs: number = PATIENCE_MS): SocketDiag {
  const child = startPump();
  let isOpen = child !== undefined;
  let asking: Asking | undefined;
  let timer: NodeJS.Timeout | undefined;
  let rest = NOTHING;
  const answer = (answers: readonly SocketQueues[] | undefined): void => {
    const { resolve } = asking ?? {};
    asking = undefined;
    clearTimeout(timer);
    setKept(child, false);
    resolve?.(answers);
  };
  const close = (): void => {
    isOpen = false;
    answer(undefined);
    child?.kill('SIGKILL');
  };
  child?.on('error', close).on('exit', close);
  child?.stdin?.on('error', close);
  child?.stdout?.on('data', (chunk: Buffer) => {
    // Whatever says more than it was asked is not ours.
    if (asking === undefined || rest.length + chunk.length > asking.count * ANSWER_BYTES) return close();
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (rest.length < asking.count * ANSWER_BYTES) return;
    const answers = answersOf(rest, asking.count);
    rest = NOTHING;
    // Whatever this answers, it is not what was asked.
    if (answers.some(({ number }, index) => number !== index)) return close();
    answer(answers);
  });
  setKept(child, false);
  return {
    get isOpen() {
      return isOpen;
    },
    ask(questions) {
      if (!isOpen || questions.length === 0) return Promise.resolve(undefined);
      for (const [number, question] of questions.entries()) numberQuestion(question, number);
      return new Promise((resolve) => {
        asking = { count: questions.length, resolve };
        timer = setTimeout(close, patienceMs);
        setKept(child, true);
        child?.stdin?.write(Buffer.concat(questions));
      });
    },
    close,
  };
}

function answersOf(bytes: Buffer, count: number): readonly SocketQueues[] {
  return Array.from({ length: count }, (_, index) => readSocketAnswer(bytes, index * ANSWER_BYTES));
}

function startPump(): ChildProcess | undefined {
  try {
    const child = spawn('perl', ['-e', PUMP], { env: { PATH: process.env['PATH'] }, stdio: ['pipe', 'pipe', 'ignore'] });
    child.unref();
    return child;
  } catch (error) {
    // Not allowed to start processes.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** The event loop waits for answers, and for nothing else of this process. */
function setKept(child: ChildProcess | undefined, isKept: boolean): void {
  for (const pipe of [child?.stdin, child?.stdout] as readonly ({ ref?(): void; unref?(): void } | null | undefined)[]) {
    if (isKept) pipe?.ref?.();
    else pipe?.unref?.();
  }
}
