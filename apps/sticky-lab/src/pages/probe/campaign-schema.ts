import { framingsWithFrames, MASKS } from '@socklab/probe';
import {
  array,
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
import { MAX_CONCURRENCY, MAX_REQUEST_CHARS, MAX_TIME_MS } from './limits.ts';
import type { CampaignRequest } from './contract.ts';
import type { GenericSchema } from 'valibot';

type WithDefault = 'plans' | 'seed' | 'pace' | 'masks' | 'concurrency' | 'quietMs' | 'maxTimeMs';

/** A request for a campaign with its defaults filled in. */
export type CampaignInput = Omit<CampaignRequest, WithDefault> & {
  readonly [Name in WithDefault]: Exclude<CampaignRequest[Name], undefined>;
};

const whole = (min: number, max: number): GenericSchema<number> => pipe(number(), integer(), minValue(min), maxValue(max));
const text = (most: number): GenericSchema<string> => pipe(string(), maxLength(most));

/** The shape of a request for a campaign; what its texts say is for the engine to read. */
export const CampaignSchema: GenericSchema<CampaignRequest, CampaignInput> = strictObject({
  target: text(300),
  request: strictObject({ text: optional(text(MAX_REQUEST_CHARS)), hex: optional(text(MAX_REQUEST_CHARS)) }),
  framing: optional(picklist(framingsWithFrames)),
  until: optional(text(40)),
  plans: optional(text(1000), 'thorough'),
  seed: optional(pipe(number(), safeInteger()), 1),
  pace: optional(text(40), 'auto'),
  masks: optional(array(picklist([...MASKS.map(({ name }) => name), AUTO_MASK])), ['http-date']),
  concurrency: optional(whole(1, MAX_CONCURRENCY), 32),
  hangMs: optional(whole(50, 30_000)),
  quietMs: optional(whole(10, 10_000), 200),
  maxTimeMs: optional(whole(100, MAX_TIME_MS), MAX_TIME_MS),
});
