import { addCampaignCommand } from './commands/probe/campaign-file/campaign-command.ts';
import { addInitCommand } from './commands/probe/campaign-file/init-command.ts';
import { addMergeCommand } from './commands/probe/merge-command.ts';
import { addPlansCommand } from './commands/probe/plans-command.ts';
import { addProbeClientCommand } from './commands/probe/probe-client-command.ts';
import { addProbeCommand } from './commands/probe/probe-command.ts';
import { addRecordCommand } from './commands/probe/record-command.ts';
import { addTortureCommand } from './commands/probe/torture-command.ts';
import type { ProbeHost } from './commands/probe/options/host.ts';
import type { Command } from '@socklab/service';

export type { ProbeHost } from './commands/probe/options/host.ts';

/** Adds the commands that find out what segmentation breaks. */
export function addProbeCommands(program: Command, host: ProbeHost): void {
  addProbeCommand(program, host);
  addProbeClientCommand(program, host);
  addRecordCommand(program, host);
  addMergeCommand(program, host);
  addPlansCommand(program, host);
  addCampaignCommand(program, host);
  addInitCommand(program, host);
  addTortureCommand(program, host);
}
