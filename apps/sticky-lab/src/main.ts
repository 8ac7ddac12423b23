#!/usr/bin/env node
import { runProgram } from '@socklab/service';
import { createStickyLabProgram } from './cli.ts';
import { experiments } from '@socklab/lab';

const machine = { node: process.version, platform: `${process.platform} ${process.arch}` };

const exitWith = (code: number): void => {
  process.exitCode = code;
};

await runProgram(createStickyLabProgram({ experiments, stdout: process.stdout, machine, streams: process, exitWith }), process.argv);
