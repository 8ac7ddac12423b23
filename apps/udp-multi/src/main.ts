#!/usr/bin/env node
import { runProgram } from '@socklab/service';
import { createUdpMultiProgram } from './cli.ts';

await runProgram(createUdpMultiProgram(process, process), process.argv);
