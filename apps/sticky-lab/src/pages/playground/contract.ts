import type { PlaygroundSettings } from './settings.ts';
import type { JobStarted } from '../../http/jobs/contract.ts';

/** The playground. */
export interface PlaygroundRoutes {
  /** Sends messages over real sockets: a job of kind `playground`, whose events are `PlaygroundEvent` and whose result is a `PlaygroundResult`. */
  'POST /api/playground/runs': { body: PlaygroundSettings; answer: JobStarted };
}
