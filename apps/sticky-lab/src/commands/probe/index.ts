import { addCampaignCommand } from './campaign-file/campaign-command.ts';
import { addInitCommand } from './campaign-file/init-command.ts';
import { addMergeCommand } from './merge-command.ts';
import { addPlansCommand } from './plans-command.ts';
import { addProbeClientCommand } from './probe-client-command.ts';
import { addProbeCommand } from './probe-command.ts';
import { addRecordCommand } from './record-command.ts';
import type { ProbeHost } from './options/host.ts';
import type { Command } from '@socklab/service';

export type { ProbeHost } from './options/host.ts';

/** Adds the commands that find out what segmentation breaks. */
export function addProbeCommands(program: Command, host: ProbeHost): void {
  addProbeCommand(program, host);
  addProbeClientCommand(program, host);
  addRecordCommand(program, host);
  addMergeCommand(program, host);
  addPlansCommand(program, host);
  addCampaignCommand(program, host);
  addInitCommand(program, host);
}
