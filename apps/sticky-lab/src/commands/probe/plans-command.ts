import { PLANS, PRESETS } from '@socklab/probe';
import { flag } from './options/flags.ts';
import type { ProcessContext } from '../process-context.ts';
import type { Command } from '@socklab/service';

/** Adds `plans`: lists what `--plan` takes. */
export function addPlansCommand(program: Command, context: ProcessContext): void {
  program
    .command('plans')
    .description('list the plans that --plan takes')
    .addOption(flag('--json', 'print JSON', { default: false }))
    .action(({ json }: { readonly json: boolean }) => void context.streams.stdout.write(json ? asJson() : asText()));
}

function asJson(): string {
  const presets = PRESETS.map(({ name, summary }) => ({ name, usage: name, summary, needsFrames: false }));
  const plans = [...presets, ...PLANS.map(({ name, usage, summary, needsFrames }) => ({ name, usage, summary, needsFrames }))];
  return `${JSON.stringify(plans, undefined, 2)}\n`;
}

function asText(): string {
  const width = Math.max(...PLANS.map(({ usage }) => usage.length));
  const line = (usage: string, summary: string, needsFrames = false): string =>
    `${usage.padEnd(width)}  ${summary}${needsFrames ? ' (needs --framing)' : ''}\n`;
  const presets = PRESETS.map(({ name, summary }) => line(name, summary));
  return [...presets, ...PLANS.map(({ usage, summary, needsFrames }) => line(usage, summary, needsFrames))].join('');
}
