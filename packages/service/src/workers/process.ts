import { fork } from 'node:child_process';
import { noDebuggerFlags } from '../base/debugger.ts';
import { startHeartbeat } from './heartbeat.ts';
import { postEnvironment } from './post.ts';
import type { WorkerPost } from '../service.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { FromWorker, Question, StartFailure, ToWorker } from './message.ts';
import type { MetricSnapshot } from './metrics.ts';
import type { ChildProcess } from 'node:child_process';

/** How a worker ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it did not start, if that is the reason. */
  readonly startFailure: StartFailure | undefined;
}

/** The result of a question: the answer, or why there is none. */
export type Reply = { readonly answer: unknown } | { readonly reason: string };

// A worker that hangs answers nothing: questions must not pile up.
const MAX_OUTSTANDING = 64;

/** One worker: a process that runs this program again, with a post. */
export class WorkerProcess {
  readonly post: WorkerPost;
  /** Resolves when the process is gone, for any reason. */
  readonly ended: Promise<WorkerEnd>;
  /** Its last known metrics. */
  metrics: readonly MetricSnapshot[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #startFailure: StartFailure | undefined;
  #heartbeat: Heartbeat | undefined;
  #asked = 0;
  #outstanding = 0;

  /**
   * @param onReady - Called when it takes work.
   * @param onHang - Called when it has not answered for ten seconds after that.
   */
  constructor(post: WorkerPost, onReady: () => void, onHang: () => void) {
    this.post = post;
    this.#child = start(post);
    this.#child.on('message', (message: FromWorker) => {
      if (message.type === 'ready') {
        this.#heartbeat ??= startHeartbeat(() => this.#send({ type: 'ping' }), onHang);
        onReady();
      } else if (message.type === 'pong') {
        this.#heartbeat?.answered();
      } else if (message.type === 'start-failed') {
        this.#startFailure = message.failure;
      } else {
        this.#outstanding -= 1;
        this.#settle(message.id, message.type === 'answer' ? { answer: message.answer } : { reason: message.reason });
      }
    });
    this.ended = this.#untilEnd();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it reported that it takes work. */
  get isReady(): boolean {
    return this.#heartbeat !== undefined;
  }

  /** Whether it takes work now: one whose event loop is blocked takes none, although the kernel still gives it connections. */
  get isServing(): boolean {
    return this.#heartbeat?.pulse === 'answers';
  }

  /** Makes it drain and exit. */
  drain(reason: string): void {
    // From here on the drain's own limit applies.
    this.#heartbeat?.stop();
    this.#send({ type: 'drain', reason });
  }

  reload(): void {
    this.#send({ type: 'reload' });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Asks, and waits for the answer at most this long, in milliseconds. */
  async ask(question: Question, limitMs: number): Promise<Reply> {
    if (this.#outstanding >= MAX_OUTSTANDING) return { reason: `${MAX_OUTSTANDING} requests not answered yet` };
    this.#outstanding += 1;
    const id = (this.#asked += 1);
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const timer = setTimeout(() => resolve({ reason: `no answer within ${limitMs} ms` }), limitMs);
    this.#waiting.set(id, resolve);
    this.#send({ type: 'ask', id, question });
    const reply = await promise;
    clearTimeout(timer);
    this.#waiting.delete(id);
    if (question === 'metrics' && 'answer' in reply) this.metrics = reply.answer as MetricSnapshot[];
    return reply;
  }

  #settle(id: number, reply: Reply): void {
    this.#waiting.get(id)?.(reply);
  }

  #send(message: ToWorker): void {
    // One that is gone needs no message: its end is noticed.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #untilEnd(): Promise<WorkerEnd> {
    return new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#heartbeat?.stop();
        for (const settle of this.#waiting.values()) settle({ reason: 'it ended' });
        resolve({ code, signal, startFailure: this.#startFailure });
      };
      this.#child.once('exit', end);
      this.#child.on('error', (error) => {
        // There was no process, so there is no exit either. Any other error concerns a message to one that is gone.
        if (this.#child.pid !== undefined) return;
        this.#startFailure = { name: error.name, message: error.message };
        end(null, null);
      });
    });
  }
}

function start(post: WorkerPost): ChildProcess {
  const [, program = '', ...args] = process.argv;
  return fork(program, args, {
    // A debugger port cannot be used twice.
    execArgv: [...process.execArgv.filter((argument) => !argument.startsWith('--inspect')), ...noDebuggerFlags()],
    env: { ...process.env, ...postEnvironment(post) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Unlike JSON it keeps numbers that are not finite, and the types of an answer.
    serialization: 'advanced',
  });
}
