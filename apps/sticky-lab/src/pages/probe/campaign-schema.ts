import { framingsWithFrames, MASKS } from '@socklab/probe';
import {
  array,
  description,
  integer,
  maxLength,
  maxValue,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  safeInteger,
  strictObject,
  string,
} from 'valibot';
import { AUTO_MASK } from '../../commands/probe/options/campaign-options.ts';
import { MAX_CONCURRENCY, MAX_RECORDING_CHARS, MAX_REQUEST_CHARS, MAX_TIME_MS } from './limits.ts';
import type { GenericSchema, InferInput, InferOutput } from 'valibot';

const whole = (min: number, max: number): GenericSchema<number> => pipe(number(), integer(), minValue(min), maxValue(max));
const text = (most: number): GenericSchema<string> => pipe(string(), maxLength(most));

/** The schema of a request for a campaign, with the command line's options; the engine parses its texts. */
export const CampaignSchema = strictObject({
  target: pipe(text(300), description('host:port, tls://host:port or unix:/path; loopback and private addresses only')),
  request: pipe(
    strictObject({
      text: optional(text(MAX_REQUEST_CHARS)),
      hex: optional(text(MAX_REQUEST_CHARS)),
      recording: optional(text(MAX_RECORDING_CHARS)),
    }),
    description(
      String.raw`one of them: text with the escapes \n \r \t \0 \\ \xHH \u{H}, hex, or a recording as sticky-lab record writes it, whose client is played`,
    ),
  ),
  framing: optional(picklist(framingsWithFrames)),
  until: pipe(optional(text(40)), description('bytes:N, frames:N, idle:200ms or close; learnt from the control when absent')),
  plans: optional(pipe(text(1000), description('joined with +')), 'thorough'),
  seed: optional(pipe(number(), safeInteger()), 1),
  pace: optional(pipe(text(40), description('drain, gap:5ms, none or auto')), 'auto'),
  masks: optional(array(picklist([...MASKS.map(({ name }) => name), AUTO_MASK])), ['http-date']),
  concurrency: optional(pipe(whole(1, MAX_CONCURRENCY), description('connections at once')), 32),
  hangMs: pipe(
    optional(whole(50, 30_000)),
    description('how long an answer may take in a trial; 20 times the slowest control, at least 1000, when absent'),
  ),
  quietMs: optional(pipe(whole(10, 10_000), description('silence after which an answer of unknown length is taken for whole')), 200),
  maxTimeMs: optional(pipe(whole(100, MAX_TIME_MS), description('after this time no trial begins')), MAX_TIME_MS),
});

/** A request for a campaign. */
export type CampaignRequest = Readonly<InferInput<typeof CampaignSchema>>;

/** A request for a campaign with its defaults filled in. */
export type CampaignInput = Readonly<InferOutput<typeof CampaignSchema>>;
