import { PLANS } from '@socklab/probe';
import type { Command } from '@socklab/service';
import { flag } from './options/flags.ts';
import type { ProbeHost } from './options/host.ts';

/** Adds `plans`: lists what `--plan` takes. */
export function addPlansCommand(program: Command, host: ProbeHost): void {
  program
    .command('plans')
    .description('list the plans that --plan takes')
    .addOption(flag('--json', 'print JSON', { default: false }))
    .action(({ json }: { readonly json: boolean }) => void host.streams.stdout.write(json ? asJson() : asText()));
}

function asJson(): string {
  const plans = PLANS.map(({ name, usage, summary, needsFrames }) => ({ name, usage, summary, needsFrames }));
  return `${JSON.stringify(plans, undefined, 2)}\n`;
}

function asText(): string {
  const width = Math.max(...PLANS.map(({ usage }) => usage.length));
  const line = ({ usage, summary, needsFrames }: (typeof PLANS)[number]): string =>
    `${usage.padEnd(width)}  ${summary}${needsFrames ? ' (needs --framing)' : ''}\n`;
  return PLANS.map(line).join('');
}
