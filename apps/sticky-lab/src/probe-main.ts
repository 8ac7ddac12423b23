#!/usr/bin/env node
// The probe's commands alone: what `npx @socklab/probe` runs. Without a command, options are those of `probe`.
import { createProgram, runProgram } from '@socklab/service';
import { addProbeCommands } from './probe-commands.ts';
import { VERSION } from './version.ts';

const NAME = 'socklab-probe';
const program = createProgram({
  name: NAME,
  version: VERSION,
  description: 'Prove whether a TCP server or client survives any segmentation',
});
addProbeCommands(program, {
  name: NAME,
  streams: process,
  exitWith(code) {
    process.exitCode = code;
  },
});

const [node = '', file = '', ...words] = process.argv;
const isOption = words[0]?.startsWith('-') === true && !['--help', '-h', '--version', '-V'].includes(words[0]);
await runProgram(program, [node, file, ...(isOption ? ['probe'] : []), ...words]);
