#!/usr/bin/env node
import { runProgram } from '@socklab/service';
import { createTcpEchoProgram } from './cli.ts';

const context = { streams: process, env: process.env, pid: process.pid };
await runProgram(createTcpEchoProgram(context), process.argv);
