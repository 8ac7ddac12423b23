#!/usr/bin/env node
import { runProgram } from '@socklab/service';
import { createTcpEchoProgram } from './cli.ts';

const host = { streams: process, environment: process.env, pid: process.pid };
await runProgram(createTcpEchoProgram(host), process.argv);
