#!/usr/bin/env node
import { experiments } from '@socklab/lab';
import { runProgram } from '@socklab/service';
import { createStickyLabProgram } from './cli.ts';
import { languageOf } from './language.ts';

const machine = { node: process.version, platform: `${process.platform} ${process.arch}` };

const exitWith = (code: number): void => {
  process.exitCode = code;
};

const language = languageOf(process.env);
const context = { experiments, stdout: process.stdout, machine, streams: process, exitWith, language };

await runProgram(createStickyLabProgram(context), process.argv);
