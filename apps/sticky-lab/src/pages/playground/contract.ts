import { array, boolean, number, object, picklist, string } from 'valibot';
import { defineRoutes, json } from '../../http/route.ts';
import { FIRST_READS, WRITE_MODES } from './settings.ts';
import type { JobStarted } from '../../http/jobs/contract.ts';
import type { PlaygroundSettings } from './settings.ts';
import type { GenericSchema } from 'valibot';

// Only the type of each: limits are checked, in both languages, when the run is planned.
const SettingsSchema: GenericSchema<PlaygroundSettings> = object({
  messages: array(string()),
  repeat: number(),
  framing: string(),
  write: picklist(WRITE_MODES),
  gapMs: number(),
  pieceBytes: number(),
  noDelay: boolean(),
  readBytes: number(),
  firstRead: picklist(FIRST_READS),
  firstReadMs: number(),
  readGapMs: number(),
});

/** The playground. */
export const PLAYGROUND_ROUTES = defineRoutes({
  'POST /api/playground/runs': {
    summary: 'sends messages over real sockets, framed and raw',
    body: SettingsSchema,
    status: 202,
    answer: json<JobStarted>('a job of kind playground: its events are PlaygroundEvent, its result is a PlaygroundResult'),
  },
});
