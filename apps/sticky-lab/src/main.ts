#!/usr/bin/env node
import { experiments } from '@socklab/lab';
import { runProgram } from '@socklab/service';
import { createStickyLabProgram } from './cli.ts';

const machine = { node: process.version, platform: `${process.platform} ${process.arch}` };

const exitWith = (code: number): void => {
  process.exitCode = code;
};

await runProgram(createStickyLabProgram({ experiments, stdout: process.stdout, machine, streams: process, exitWith }), process.argv);
