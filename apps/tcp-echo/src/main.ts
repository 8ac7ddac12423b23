#!/usr/bin/env node
import { runProgram } from '@socklab/service';
import { createTcpEchoProgram } from './cli.ts';

await runProgram(createTcpEchoProgram(process), process.argv);
