import { freePort, parseTarget, probe, splitWords } from '@socklab/probe';
import { APP } from '../../version.ts';
import { runCampaign } from './campaign.ts';
import { reportingErrors } from './errors.ts';
import { campaignOptions, campaignSettings, campaignWords } from './options/campaign-options.ts';
import { exchangeOptions, readExchange } from './options/exchange-input.ts';
import { checked, flag } from './options/flags.ts';
import { targetOf, targetOptions, targetWords } from './options/target-options.ts';
import type { ProcessContext } from '../process-context.ts';
import type { StartCampaign } from './campaign.ts';
import type { CampaignFlags } from './options/campaign-options.ts';
import type { ExchangeFlags } from './options/exchange-input.ts';
import type { TargetFlags } from './options/target-options.ts';
import type { ProbeOptions } from '@socklab/probe';
import type { Command, Option } from '@socklab/service';

/** The options of `probe`, read. */
export type ProbeFlags = TargetFlags &
  ExchangeFlags &
  CampaignFlags & { readonly run?: string; readonly against?: string; readonly cut: Cut };

/** What is cut: the exchange, or the bytes of TLS that carry it. */
type Cut = NonNullable<ProbeOptions['cut']>;

/** The options of `probe`, in the order of help and README. */
export function probeOptions(): readonly Option[] {
  return [
    ...targetOptions(),
    flag(
      '--run <command>',
      'start the server, without a shell, and restart it when it dies; {port} and {host} are replaced by the address to listen on',
      {
        parse: checked(splitWords),
      },
    ),
    flag('--against <address>', 'another server, whose uncut answers are the right ones: HOST:PORT, tls://HOST:PORT or unix:/path', {
      parse: checked(parseTarget),
    }),
    flag<Cut>('--cut <what>', 'what is cut: the exchange, or the wire, which is the bytes of TLS that carry it, ClientHello and all', {
      default: 'exchange',
      choices: ['exchange', 'wire'],
    }),
    ...exchangeOptions(),
    ...campaignOptions({ concurrency: 64, answers: 'answers', hangText: '20 times the slowest control, at least 1s', isServer: true }),
  ];
}

/** Adds `probe`: whether a server gives the same answers however its requests are cut and glued. */
export function addProbeCommand(program: Command, context: ProcessContext): void {
  const command = program
    .command('probe')
    .description('cut and glue the requests to a server at every position, and compare its answers; exit 1 when one breaks');
  for (const each of probeOptions()) command.addOption(each);
  command.action((flags: ProbeFlags) =>
    reportingErrors(context, async () => runCampaign(await prepareProbe(flags, context), flags, context)),
  );
}

/**
 * Reads what the flags name, and makes of it what starts the campaign.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE`, ProbeError for what cannot be.
 */
export async function prepareProbe(flags: ProbeFlags, { name = APP, streams }: ProcessContext): Promise<StartCampaign> {
  const { run, against, cut, connectTimeout: connectTimeoutMs, iOwnTheTarget } = flags;
  const target = await targetOf(flags, run === undefined ? undefined : { kind: 'tcp', host: '127.0.0.1', port: await freePort() });
  const { exchange, words, masks = [] } = await readExchange(flags, streams.stdin);
  const campaign = campaignSettings(flags);
  const runWords = [...(run === undefined ? [] : ['--run', run]), ...(against === undefined ? [] : ['--against', against])];
  const cutWords = cut === 'exchange' ? [] : ['--cut', cut];
  const replay =
    words === undefined
      ? {}
      : { replay: [name, 'probe', ...runWords, ...targetWords(flags), ...cutWords, ...words, ...campaignWords(flags)] };
  const started = { ...(run === undefined ? {} : { run }), ...(against === undefined ? {} : { against }) };
  const settings = {
    ...campaign,
    masks: [...(campaign.masks ?? []), ...masks],
    target,
    ...started,
    cut,
    exchange,
    connectTimeoutMs,
    iOwnTheTarget,
    ...replay,
  };
  return (controls) => probe({ ...settings, ...controls });
}
