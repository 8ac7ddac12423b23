import {
  parseHex,
  parsePace,
  parsePlan,
  parseTarget,
  parseText,
  parseUntil,
  planTrials,
  requestExchange,
  resolveOwn,
} from '@socklab/probe';
import { campaignSettings, campaignWords } from '../../commands/probe/options/campaign-options.ts';
import { Refusal } from '../../http/refusal.ts';
import { APP } from '../../version.ts';
import { MAX_ANSWER_BYTES, MAX_PLANS, MAX_REQUEST_BYTES, MAX_TRIALS } from './limits.ts';
import { inField, tooMuch } from './refusals.ts';
import type { CampaignFlags } from '../../commands/probe/options/campaign-options.ts';
import type { CampaignInput } from './campaign-schema.ts';
import type { Exchange, PlannedCount, ProbeOptions } from '@socklab/probe';

/** A campaign that can be started. */
export interface PlannedCampaign {
  /** As given. */
  readonly target: string;
  readonly settings: Omit<ProbeOptions, 'journal' | 'onProgress' | 'onVerdict' | 'signal'>;
  readonly exchange: Exchange;
  /** The bytes of its one send. */
  readonly request: Uint8Array;
  /** The command of this campaign without its plan. */
  readonly replay: readonly string[];
  readonly plans: readonly PlannedCount[];
}

/**
 * Parses and checks a request for a campaign.
 *
 * @throws Refusal 422 naming the field.
 */
export async function planCampaign(input: CampaignInput): Promise<PlannedCampaign> {
  const { target, framing, seed } = input;
  const parsed = await inField('target', () => parseTarget(target));
  await inField('target', () => (parsed.kind === 'tcp' ? resolveOwn(parsed.host, false) : undefined));
  const request = await readRequest(input.request);
  const until = await inField('until', () => (input.until === undefined ? undefined : parseUntil(input.until, framing)));
  const exchange = await inField('request', () =>
    requestExchange(request, { ...(framing === undefined ? {} : { framing }), ...(until === undefined ? {} : { until }) }),
  );
  const plans = await planned(input.plans, exchange, seed);
  await inField('pace', () => parsePace(input.pace));
  const flags = flagsOf(input);
  const replay = [APP, 'probe', '--target', target, ...requestWords(input), ...campaignWords(flags)];
  return { settings: { ...campaignSettings(flags), target: parsed, exchange, replay }, target, exchange, request, replay, plans };
}

async function readRequest(given: CampaignInput['request']): Promise<Uint8Array> {
  const { text: asText, hex } = given;
  if ((asText === undefined) === (hex === undefined)) {
    const seen = hex === undefined ? ['neither', '都没有'] : ['both', '两者都有'];
    throw new Refusal(
      422,
      { en: `a request is given as text or as hex, received ${seen[0]}`, zh: `请求要么写成文本，要么写成十六进制，现在${seen[1]}` },
      'request',
    );
  }
  const request = await inField('request', () => (hex === undefined ? parseText(asText ?? '') : parseHex(hex)));
  if (request.length > MAX_REQUEST_BYTES) throw tooMuch('request', `${request.length} bytes`, `${MAX_REQUEST_BYTES} bytes`);
  return request;
}

async function planned(plans: string, exchange: Exchange, seed: number): Promise<readonly PlannedCount[]> {
  const parsed = await inField('plans', () => parsePlan(plans));
  if (parsed.length > MAX_PLANS) throw tooMuch('plans', `${parsed.length} plans`, `${MAX_PLANS} plans`);
  const campaign = await inField('plans', () => planTrials(parsed, exchange, { seed }));
  if (campaign.count > MAX_TRIALS) throw tooMuch('plans', `${campaign.count} trials`, `${MAX_TRIALS} trials`);
  return campaign.plans;
}

/** As flags of the command line: their meaning is implemented once. */
function flagsOf(input: CampaignInput): CampaignFlags {
  const { framing, plans, pace, masks, seed, concurrency, hangMs, quietMs, maxTimeMs } = input;
  return {
    plan: [plans],
    pace,
    mask: masks.includes('http-date') ? masks : ['none', ...masks],
    seed,
    concurrency,
    silence: quietMs,
    controlTimeout: 5_000,
    trialTimeout: 60_000,
    maxRate: Number.POSITIVE_INFINITY,
    maxTime: maxTimeMs,
    maxAnswer: MAX_ANSWER_BYTES,
    maxShrink: 200,
    shard: { index: 0, of: 1 },
    json: false,
    ...(framing === undefined ? {} : { framing }),
    ...(hangMs === undefined ? {} : { hang: hangMs }),
  };
}

function requestWords({ request, until }: CampaignInput): readonly string[] {
  const what = request.hex === undefined ? `text:${request.text}` : `hex:${request.hex.replaceAll(/\s+/g, '')}`;
  return ['--request', what, ...(until === undefined ? [] : ['--until', until])];
}
