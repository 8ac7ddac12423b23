import {
  exchangeOf,
  parseHex,
  parsePace,
  parsePlan,
  parseTarget,
  parseText,
  parseUntil,
  planTrials,
  readRecording,
  requestExchange,
  resolveOwn,
} from '@socklab/probe';
import { campaignSettings, campaignWords } from '../../commands/probe/options/campaign-options.ts';
import { Refusal } from '../../http/refusal.ts';
import { APP } from '../../version.ts';
import { MAX_ANSWER_BYTES, MAX_PLANS, MAX_REQUEST_BYTES, MAX_TRIALS } from './limits.ts';
import { inField, tooMuch } from './refusals.ts';
import { Sends } from './sends.ts';
import type { CampaignFlags } from '../../commands/probe/options/campaign-options.ts';
import type { CampaignInput } from './campaign-schema.ts';
import type { Exchange, PlannedCount, ProbeOptions } from '@socklab/probe';

/** A campaign that can be started. */
export interface PlannedCampaign {
  /** As given. */
  readonly target: string;
  readonly settings: Omit<ProbeOptions, 'journal' | 'onProgress' | 'onVerdict' | 'signal'>;
  readonly exchange: Exchange;
  /** What is sent, one send after the other. */
  readonly sends: Sends;
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
  const { target, seed } = input;
  const parsed = await inField('target', () => parseTarget(target));
  await inField('target', () => (parsed.kind === 'tcp' ? resolveOwn(parsed.host, false) : undefined));
  const exchange = await readExchange(input);
  const sends = new Sends(exchange);
  if (sends.byteLength > MAX_REQUEST_BYTES) throw tooMuch('request', `${sends.byteLength} bytes`, `${MAX_REQUEST_BYTES} bytes`);
  const plans = await planned(input.plans, exchange, seed);
  await inField('pace', () => parsePace(input.pace));
  const flags = flagsOf(input);
  const replay = [APP, 'probe', '--target', target, ...requestWords(input), ...campaignWords(flags)];
  return { settings: { ...campaignSettings(flags), target: parsed, exchange, replay }, target, exchange, sends, replay, plans };
}

async function readExchange({ request, framing, until }: CampaignInput): Promise<Exchange> {
  const { text: asText, hex, recording } = request;
  const given = [asText, hex, recording].filter((each) => each !== undefined).length;
  if (given !== 1) {
    const en = `a request is given as text, as hex or as a recording, received ${given} of them`;
    throw new Refusal(422, { en, zh: `请求写成文本、十六进制或录制文件，三者之一，现在有 ${given} 个` }, 'request');
  }
  const framed = framing === undefined ? {} : { framing };
  if (recording !== undefined) return inField('request', () => exchangeOf(readRecording(recording), framed));
  const ends = await inField('until', () => (until === undefined ? undefined : parseUntil(until, framing)));
  return inField('request', () => {
    const bytes = hex === undefined ? parseText(asText ?? '') : parseHex(hex);
    return requestExchange(bytes, { ...framed, ...(ends === undefined ? {} : { until: ends }) });
  });
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
  if (request.recording !== undefined) return ['--recording', 'connection.jsonl'];
  const what = request.hex === undefined ? `text:${request.text}` : `hex:${request.hex.replaceAll(/\s+/g, '')}`;
  return ['--request', what, ...(until === undefined ? [] : ['--until', until])];
}
