import type { JobStarted } from '../../http/jobs/contract.ts';
import type { PlaygroundSettings } from './settings.ts';

/** The playground. */
export interface PlaygroundRoutes {
  /** Sends messages over real sockets: a job of kind `playground`, whose events are `PlaygroundEvent` and whose result is a `PlaygroundResult`. */
  'POST /api/playground/runs': { body: PlaygroundSettings; answer: JobStarted };
}
