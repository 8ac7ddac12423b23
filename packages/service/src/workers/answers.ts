import { sumMetrics, sumMetricsText, whatOnlyGrows } from './metrics.ts';
import type { AdminOptions, AdminSource } from '../admin/admin.ts';
import type { Logger } from '../log/logger.ts';
import type { Question } from './message.ts';
import type { MetricSnapshot } from './metrics.ts';
import type { Reply, WorkerProcess } from './process.ts';
import type { WorkerSlot } from './slot.ts';

// Scrapers give up after ten seconds; one worker that hangs must not cost them the answers of the others.
const ANSWER_LIMIT_MS = 2000;

/** A metric's name, without its prefix, and its help. */
interface Described {
  readonly name: string;
  readonly help: string;
}

/** The additional metrics of a service with workers. */
export const WORKER_METRICS: Readonly<Record<'ready' | 'restarts' | 'unanswered', Described>> = {
  ready: { name: 'workers_ready', help: 'Workers that take work now' },
  restarts: { name: 'workers_restarts_total', help: 'Workers that took the place of one that died' },
  unanswered: { name: 'workers_unanswered_total', help: 'Questions of the admin endpoint that a worker did not answer in time' },
};

/**
 * What the admin endpoint shows of all workers.
 *
 * No counter ever decreases: those of a worker that is gone, or does not answer, keep their last known value. What
 * it counted after that is lost.
 */
export class WorkerAnswers implements Omit<AdminSource, 'readiness'> {
  readonly #log: Logger;
  readonly #admin: AdminOptions | undefined;
  readonly #slots: readonly WorkerSlot[];
  /** The counters of workers that are gone. */
  #kept: readonly MetricSnapshot[] = [];
  #unanswered = 0;
  #underWay: Promise<string> | undefined;

  /** @param slots - Filled later, as the workers are started. */
  constructor(log: Logger, admin: AdminOptions | undefined, slots: readonly WorkerSlot[]) {
    this.#log = log;
    this.#admin = admin;
    this.#slots = slots;
    if (admin !== undefined) this.#register(admin);
  }

  /** Keeps the counters of a worker that is gone. */
  keep({ metrics }: WorkerProcess): void {
    this.#kept = sumMetrics([this.#kept, whatOnlyGrows(metrics)]);
  }

  /** The metrics of all workers and of this process, combined. Requests during a collection share its result. */
  metrics(): Promise<string> {
    this.#underWay ??= this.#gather().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /**
   * What the workers answer for a path: their arrays concatenated, anything else an element each.
   * @throws Error when none of them answers.
   */
  async route(path: string): Promise<unknown[]> {
    const replies = [...(await this.#askAll(path as `/${string}`)).values()];
    const answers = replies.filter(hasAnswered);
    if (answers.length === 0) throw new Error(replies.map(reasonOf).find((reason) => reason !== '') ?? 'no worker is ready');
    return answers.flatMap(({ answer }) => answer);
  }

  async #gather(): Promise<string> {
    const replies = await this.#askAll('metrics');
    const own = (await this.#admin?.metrics.registry.getMetricsAsJSON()) ?? [];
    // Nothing is awaited from here on, so that a worker that ends meanwhile counts once.
    const present = this.#slots.flatMap(({ worker }) => (worker === undefined ? [] : [worker]));
    const told = present.map((worker) => (hasAnswered(replies.get(worker)) ? worker.metrics : whatOnlyGrows(worker.metrics)));
    return sumMetricsText([own as unknown as MetricSnapshot[], this.#kept, ...told]);
  }

  async #askAll(question: Question): Promise<Map<WorkerProcess, Reply>> {
    const present = this.#slots.flatMap(({ worker }) => (worker?.isReady === true ? [worker] : []));
    const replies = await Promise.all(present.map(async (worker) => [worker, await worker.ask(question, ANSWER_LIMIT_MS)] as const));
    for (const [{ post }, reply] of replies) {
      if (hasAnswered(reply)) continue;
      this.#unanswered += 1;
      this.#log.warn({ worker: post.worker, question, reason: reasonOf(reply) }, 'worker omitted from an answer');
    }
    return new Map(replies);
  }

  #register({ metrics }: AdminOptions): void {
    const slots = this.#slots;
    const replaced = (): number => slots.reduce((sum, slot) => sum + slot.replaced, 0);
    const ready = (): number => slots.filter(({ worker }) => worker?.isServing === true).length;
    const { ready: taking, restarts, unanswered } = WORKER_METRICS;
    metrics.gaugeOf(taking.name, taking.help, ready);
    metrics.counterOf(restarts.name, restarts.help, replaced);
    metrics.counterOf(unanswered.name, unanswered.help, () => this.#unanswered);
  }
}

function hasAnswered(reply: Reply | undefined): reply is { readonly answer: unknown } {
  return reply !== undefined && 'answer' in reply;
}

function reasonOf(reply: Reply): string {
  return 'reason' in reply ? reply.reason : '';
}
