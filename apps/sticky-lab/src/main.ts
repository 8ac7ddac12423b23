#!/usr/bin/env node
import { runProgram } from '@socklab/service';
import { createStickyLabProgram } from './cli.ts';
import { experiments } from './experiments/index.ts';

const machine = { node: process.version, platform: `${process.platform} ${process.arch}` };

await runProgram(createStickyLabProgram({ experiments, stdout: process.stdout, machine }), process.argv);
