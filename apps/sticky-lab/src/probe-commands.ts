import { addCampaignCommand } from './commands/probe/campaign-file/campaign-command.ts';
import { addInitCommand } from './commands/probe/campaign-file/init-command.ts';
import { addMergeCommand } from './commands/probe/merge-command.ts';
import { addPlansCommand } from './commands/probe/plans-command.ts';
import { addProbeClientCommand } from './commands/probe/probe-client-command.ts';
import { addProbeCommand } from './commands/probe/probe-command.ts';
import { addProbeUdpCommand } from './commands/probe/probe-udp-command.ts';
import { addRecordCommand } from './commands/probe/record-command.ts';
import { addTortureCommand } from './commands/probe/torture-command.ts';
import type { ProcessContext } from './commands/process-context.ts';
import type { Command } from '@socklab/service';

export type { ProcessContext } from './commands/process-context.ts';

/** Adds the commands that find out what segmentation breaks. */
export function addProbeCommands(program: Command, context: ProcessContext): void {
  addProbeCommand(program, context);
  addProbeClientCommand(program, context);
  addProbeUdpCommand(program, context);
  addRecordCommand(program, context);
  addMergeCommand(program, context);
  addPlansCommand(program, context);
  addCampaignCommand(program, context);
  addInitCommand(program, context);
  addTortureCommand(program, context);
}
