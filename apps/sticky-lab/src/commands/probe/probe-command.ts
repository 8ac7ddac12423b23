import { freePort, probe, splitWords } from '@socklab/probe';
import { APP } from '../../version.ts';
import { runCampaign } from './campaign.ts';
import { reportingErrors } from './errors.ts';
import { campaignOptions, campaignSettings, campaignWords } from './options/campaign-options.ts';
import { exchangeOptions, readExchange } from './options/exchange-input.ts';
import { checked, flag } from './options/flags.ts';
import { targetOf, targetOptions, targetWords } from './options/target-options.ts';
import type { CampaignFlags } from './options/campaign-options.ts';
import type { ExchangeFlags } from './options/exchange-input.ts';
import type { ProbeHost } from './options/host.ts';
import type { TargetFlags } from './options/target-options.ts';
import type { Command } from '@socklab/service';

type ProbeFlags = TargetFlags & ExchangeFlags & CampaignFlags & { readonly run?: string };

/** Adds `probe`: whether a server gives the same answers however its requests are cut and glued. */
export function addProbeCommand(program: Command, host: ProbeHost): void {
  const command = program
    .command('probe')
    .description('cut and glue the requests to a server at every position, and compare its answers; exit 1 when one breaks');
  const options = [
    ...targetOptions(),
    flag(
      '--run <command>',
      'start the server, without a shell, and again when it dies; {port} and {host} in it become the address to listen on',
      {
        parse: checked(splitWords),
      },
    ),
    ...exchangeOptions(),
    ...campaignOptions({ concurrency: 64, answers: 'answers', hangText: '20 times the slowest control, at least 1s' }),
  ];
  for (const each of options) command.addOption(each);
  command.action((flags: ProbeFlags) => reportingErrors(host, APP, () => runProbe(flags, host)));
}

async function runProbe(flags: ProbeFlags, host: ProbeHost): Promise<void> {
  const { run } = flags;
  const target = await targetOf(flags, run === undefined ? undefined : { kind: 'tcp', host: '127.0.0.1', port: await freePort() });
  const { exchange, words } = await readExchange(flags, host.streams.stdin);
  const replay =
    words === undefined
      ? {}
      : { replay: [APP, 'probe', ...(run === undefined ? [] : ['--run', run]), ...targetWords(flags), ...words, ...campaignWords(flags)] };
  const { connectTimeout: connectTimeoutMs, iOwnTheTarget } = flags;
  const settings = {
    ...campaignSettings(flags),
    target,
    ...(run === undefined ? {} : { run }),
    exchange,
    connectTimeoutMs,
    iOwnTheTarget,
    ...replay,
  };
  await runCampaign((controls) => probe({ ...settings, ...controls }), flags, host);
}
