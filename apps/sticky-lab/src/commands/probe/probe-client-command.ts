import { probeClient, readRecording, splitWords } from '@socklab/probe';
import { APP } from '../../version.ts';
import { runCampaign } from './campaign.ts';
import { reportingErrors } from './errors.ts';
import { campaignOptions, campaignSettings, campaignWords } from './options/campaign-options.ts';
import { MAX_INPUT_BYTES } from './options/exchange-input.ts';
import { checked, flag } from './options/flags.ts';
import { readInput } from './options/read-input.ts';
import type { ProcessContext } from '../process-context.ts';
import type { CampaignFlags } from './options/campaign-options.ts';
import type { Command } from '@socklab/service';

interface ProbeClientFlags extends CampaignFlags {
  readonly recording: string;
  readonly run: string;
}

/** Adds `probe-client`: whether a client behaves the same however a server's answers are cut. */
export function addProbeClientCommand(program: Command, context: ProcessContext): void {
  const command = program
    .command('probe-client')
    .description("play a recorded server to a client, its answers cut at every position, and compare the client's output and exit code")
    .addOption(flag('--recording <file>', 'what the server said, from `sticky-lab record`').makeOptionMandatory())
    .addOption(
      flag('--run <command>', 'the client, run without a shell; {host} and {port} are replaced by the address to connect to', {
        parse: checked(splitWords),
      }).makeOptionMandatory(),
    );
  const defaults = { concurrency: 2, answers: 'output', hangText: '20 times the slowest control, at least 5s', isServer: false };
  for (const each of campaignOptions(defaults)) command.addOption(each);
  command.action((flags: ProbeClientFlags) => reportingErrors(context, () => runProbeClient(flags, context)));
}

async function runProbeClient(flags: ProbeClientFlags, context: ProcessContext): Promise<void> {
  const { recording: file, run, framing } = flags;
  const recording = readRecording((await readInput('--recording', file, MAX_INPUT_BYTES)).toString('utf8'));
  const replay = [context.name ?? APP, 'probe-client', '--recording', file, '--run', run, ...campaignWords(flags)];
  const settings = { ...campaignSettings(flags), recording, run, replay, ...(framing === undefined ? {} : { framing }) };
  await runCampaign((controls) => probeClient({ ...settings, ...controls }), flags, context);
}
