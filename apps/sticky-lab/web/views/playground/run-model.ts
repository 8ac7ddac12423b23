import { signal } from '@preact/signals';
import { ask, AskError } from '../../shell/ask.ts';
import { follow } from '../../shell/events/follow.ts';
import type { JobEnd } from '../../../src/http/jobs/job.ts';
import type { PlaygroundEvent, PlaygroundResult } from '../../../src/pages/playground/result.ts';
import type { PlaygroundSettings } from '../../../src/pages/playground/settings.ts';

/** The state of a run. */
export type RunState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'waiting' }
  /** Messages go over the connection with this framing. */
  | { readonly phase: 'running'; readonly framing: string }
  | { readonly phase: 'done' }
  | { readonly phase: 'stopped' }
  /** Accepted by the service, and failed; `reason` is `null` when the service no longer knows the run. */
  | { readonly phase: 'failed'; readonly reason: string | null }
  /** Refused by the service. */
  | { readonly phase: 'refused'; readonly error: AskError };

/** One run at a time, from the request to its result. */
export class RunModel {
  readonly state = signal<RunState>({ phase: 'idle' });
  /** The result of the last finished run; kept while another runs. */
  readonly result = signal<PlaygroundResult | undefined>(undefined);
  #job: string | undefined;
  #unfollow: () => void = () => undefined;

  get isBusy(): boolean {
    const { phase } = this.state.value;
    return phase === 'waiting' || phase === 'running';
  }

  async run(settings: PlaygroundSettings): Promise<void> {
    if (this.isBusy) return;
    this.state.value = { phase: 'waiting' };
    await this.#told(async () => {
      const { job } = await ask('POST /api/playground/runs', { body: settings });
      this.#job = job.id;
      this.#unfollow = follow<PlaygroundEvent>(job.id, {
        events: (events) => {
          const last = events.at(-1);
          if (last !== undefined) this.state.value = { phase: 'running', framing: last.framing };
        },
        end: (end) => void this.#ended(end),
        lost: () => {
          this.state.value = { phase: 'failed', reason: null };
        },
      });
    });
  }

  async stop(): Promise<void> {
    const id = this.#job;
    if (!this.isBusy || id === undefined) return;
    await this.#told(() => ask('POST /api/jobs/:id/stop', { path: { id } }));
  }

  /** Stops following; the run itself goes on. */
  leave(): void {
    this.#unfollow();
  }

  async #ended({ job: { id, state, error } }: JobEnd): Promise<void> {
    this.#job = undefined;
    if (state === 'stopped') this.state.value = { phase: 'stopped' };
    else if (state === 'failed') this.state.value = { phase: 'failed', reason: error };
    else {
      await this.#told(async () => {
        const { result } = await ask('GET /api/jobs/:id', { path: { id } });
        this.result.value = result as PlaygroundResult;
        this.state.value = { phase: 'done' };
      });
    }
  }

  async #told(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof AskError)) throw error;
      this.state.value = { phase: 'refused', error };
    }
  }
}
