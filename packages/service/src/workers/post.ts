import { ServiceError } from '../base/exit.ts';
import { sendToParent } from '../base/parent.ts';
import { codeOf } from '../base/system-error.ts';
import type { AdminOptions } from '../admin/admin.ts';
import type { ServiceErrorCode } from '../base/exit.ts';
import type { WorkerPost } from '../service.ts';
import type { FromWorker, Question, StartFailure, ToWorker } from './message.ts';

/** The variable through which a supervisor gives a process its post. */
const POST_VARIABLE = 'SOCKLAB_WORKER';

/** The environment of a worker. */
export function postEnvironment(post: WorkerPost): Record<string, string> {
  return { [POST_VARIABLE]: JSON.stringify(post) };
}

/** The post of this process; undefined when it is no worker. Removed from the environment, so that no child inherits it. */
export function takeWorkerPost(): WorkerPost | undefined {
  const text = process.env[POST_VARIABLE];
  if (text === undefined || process.send === undefined) return undefined;
  delete process.env[POST_VARIABLE];
  return JSON.parse(text) as WorkerPost;
}

/** What a supervisor can ask of a worker's run. */
interface WorkerRun {
  end(reason: string): Promise<void>;
  reload(): void;
}

/** Makes a worker do what its supervisor says, and answer what it asks. */
export function obeySupervisor(run: WorkerRun, admin: AdminOptions | undefined): void {
  process.on('message', (message: ToWorker) => {
    if (message.type === 'drain') void run.end(message.reason);
    else if (message.type === 'reload') run.reload();
    else if (message.type === 'ping') void tellSupervisor({ type: 'pong' });
    else void reply(message.id, () => answerOf(admin, message.question));
  });
}

/** Tells the supervisor why the start failed. Resolves when that is sent. */
export function tellStartFailed(error: unknown): Promise<void> {
  return tellSupervisor({ type: 'start-failed', failure: failureOf(error) });
}

/** The error that a worker's start failed with, as it would be had it happened here. */
export function errorOf({ name, message, stack, code, syscall }: StartFailure): Error {
  if (name === ServiceError.name && code !== undefined) return new ServiceError(code as ServiceErrorCode, message);
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return Object.assign(error, code === undefined ? {} : { code }, syscall === undefined ? {} : { syscall });
}

function failureOf(error: unknown): StartFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = codeOf(error);
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(code === undefined ? {} : { code }),
    ...('syscall' in error ? { syscall: String(error.syscall) } : {}),
  };
}

function answerOf(admin: AdminOptions | undefined, question: Question): unknown {
  return question === 'metrics' ? admin?.metrics.registry.getMetricsAsJSON() : admin?.routes?.[question]?.();
}

async function reply(id: number, answer: () => unknown): Promise<void> {
  try {
    await tellSupervisor({ type: 'answer', id, answer: await answer() });
  } catch (error) {
    await tellSupervisor({ type: 'no-answer', id, reason: error instanceof Error ? error.message : String(error) });
  }
}

function tellSupervisor(message: FromWorker): Promise<void> {
  return sendToParent(message);
}
